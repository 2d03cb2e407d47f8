import { join } from "node:path";
import { expect, it } from "vitest";
import { findSource } from "../../../src/buildpacks/pip/source.ts";
import { createLog } from "../../../src/kit/log.ts";
import { Settings } from "../../../src/kit/settings.ts";
import type { BuildContext } from "../../../src/kit/buildpack.ts";
import { HANDOVER } from "../../../src/python/handover.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const PROJECT = '[project]\nname = "My-Model"\nversion = "1"\ndependencies = ["flask>=3"]\n';
const BUILT = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n';
const PACKAGE = { kind: "project", file: "pyproject.toml" };
const DEPENDENCIES = { kind: "dependencies", file: "pyproject.toml", lines: ["flask>=3"] };

it.each<[string, { readonly [path: string]: string }, object]>([
  ["without [build-system]", { "pyproject.toml": PROJECT, "main.py": "" }, DEPENDENCIES],
  ["with [build-system]", { "pyproject.toml": PROJECT + BUILT }, PACKAGE],
  ["with src", { "pyproject.toml": PROJECT, "src/my_model/__init__.py": "" }, PACKAGE],
  ["with a package", { "pyproject.toml": PROJECT, "my_model/__init__.py": "" }, PACKAGE],
  ["with setup.py", { "pyproject.toml": PROJECT, "setup.py": "" }, PACKAGE],
  [
    "with setuptools",
    { "pyproject.toml": `${PROJECT}[tool.setuptools]\npy-modules = ["main"]\n` },
    PACKAGE,
  ],
  [
    "with dynamic dependencies",
    { "pyproject.toml": '[project]\nname = "a"\ndynamic = ["dependencies"]\n' },
    PACKAGE,
  ],
  ["with settings of tools only", { "pyproject.toml": "[tool.black]\n" }, { kind: "nothing" }],
])("a pyproject.toml %s", async (_what, files, expected) => {
  expect((await sourceOf(files)).source).toEqual(expected);
});

it("says that another manager's lock is not read", async () => {
  const { log } = await sourceOf({ "requirements.txt": "", "poetry.lock": "" });

  expect(log).toContain("Skipping poetry.lock because no buildpack of this build reads it");
});

const HANDED = { file: "environment.yml", lines: [{ text: "flask", line: 7 }], files: [] };

it("of a project of Poetry needs its lock", async () => {
  const files = { "pyproject.toml": '[tool.poetry.dependencies]\nflask = "*"\n' };

  await expect(sourceOf(files)).rejects.toMatchObject({ code: "poetry-unlocked" });
});

it("of another package manager's file is the only one", async () => {
  const app = { "requirements.txt": "", "pylock.toml": "" };

  const { source, log } = await sourceOf(app, { handed: HANDED });

  expect(source).toEqual({ kind: "handed", ...HANDED });
  expect(log).toMatchInlineSnapshot(`
    "Found 1 line for pip in environment.yml
    "
  `);
});

it("of a setting is skipped where pip is asked by another file alone", async () => {
  const { source, log } = await sourceOf(
    {},
    { handed: HANDED, settings: { BP_PIP_REQUIREMENT: "more.txt" } },
  );

  expect(source).toEqual({ kind: "handed", ...HANDED });
  expect(log).toMatchInlineSnapshot(`
    "Found 1 line for pip in environment.yml
    Skipping more.txt (from BP_PIP_REQUIREMENT) because environment.yml says what pip installs
    "
  `);
});

it("of a setting takes the place of requirements.txt where both are asked for", async () => {
  const handed = { ...HANDED, files: ["requirements.txt"] };

  const { source: usual, log: toldUsual } = await sourceOf({}, { handed });
  const { source, log } = await sourceOf(
    {},
    { handed, settings: { BP_PIP_REQUIREMENT: "more.txt" } },
  );

  expect(usual).toEqual({ kind: "handed", ...handed });
  expect(source).toEqual({ kind: "handed", ...handed, files: ["more.txt"] });
  expect([toldUsual, log]).toMatchInlineSnapshot(`
    [
      "Found 1 line for pip in environment.yml
    Using requirements.txt
    ",
      "Found 1 line for pip in environment.yml
    Using more.txt (from BP_PIP_REQUIREMENT)
    ",
    ]
  `);
});

interface Given {
  readonly handed?: object;
  readonly settings?: Record<string, string>;
}

async function sourceOf(files: { readonly [path: string]: string }, given: Given = {}) {
  const appDir = await temporaryDirectory();
  const { handed, settings = {} } = given;
  await writeFiles(appDir, { ...files, "handed.json": JSON.stringify(handed ?? "") });
  let log = "";
  const out = (text: string) => void (log += text);
  const context = {
    appDir,
    env: handed === undefined ? {} : { [HANDOVER.requirements]: join(appDir, "handed.json") },
    log: createLog({ out, err: out, debug: false }),
    settings: new Settings(settings),
  };
  const source = await findSource(context as Partial<BuildContext> as BuildContext);
  return { source, log };
}
