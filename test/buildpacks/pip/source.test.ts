import { expect, it } from "vitest";
import { findSource } from "../../../src/buildpacks/pip/source.ts";
import { createLog } from "../../../src/kit/log.ts";
import { Settings } from "../../../src/kit/settings.ts";
import type { BuildContext } from "../../../src/kit/buildpack.ts";
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

  expect(log).toContain("Skipping poetry.lock because this builder does not read it");
});

async function sourceOf(files: { readonly [path: string]: string }) {
  const appDir = await temporaryDirectory();
  await writeFiles(appDir, files);
  let log = "";
  const out = (text: string) => void (log += text);
  const context = {
    appDir,
    log: createLog({ out, err: out, debug: false }),
    settings: new Settings({}),
  };
  const source = await findSource(context as Partial<BuildContext> as BuildContext);
  return { source, log };
}
