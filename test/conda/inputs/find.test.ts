import { expect, test } from "vitest";
import { findInput } from "../../../src/conda/inputs/find.ts";
import { describeProblem } from "../../../src/kit/wrong-lines.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

async function find(
  files: Readonly<Record<string, string>>,
  {
    setting,
    subdir = "linux-64",
    hasOthers = false,
    hasRequirements = false,
  }: { setting?: string; subdir?: string; hasOthers?: boolean; hasRequirements?: boolean } = {},
) {
  const appDir = await temporaryDirectory();
  await writeFiles(appDir, files);
  return findInput(appDir, { setting, subdir, hasOthers, hasRequirements });
}

const ENVIRONMENT = "dependencies:\n  - numpy\n";
const PYPROJECT = "pyproject.toml";
const EXPLICIT = "# a comment\n@EXPLICIT\n";

test("locks come before what they are made of", async () => {
  const files: Record<string, string> = {
    "conda-linux-64.lock": EXPLICIT,
    "conda-linux-aarch64.lock": EXPLICIT,
    "conda-lock.yml": "version: 1\n",
    "pixi.lock": "version: 6\n",
    "pixi.toml": "",
    "environment.yml": ENVIRONMENT,
    "environment.yaml": ENVIRONMENT,
    "conda.yml": ENVIRONMENT,
    "conda.yaml": ENVIRONMENT,
    "package-list.txt": EXPLICIT,
  };
  const order: string[] = [];
  for (;;) {
    const found = await find(files);
    if (!("file" in found)) break;
    expect(found.isNamed).toBe(false);
    expect(found.skipped).not.toContain(found.file);
    order.push(`${found.kind} ${found.file} +${found.skipped.length}`);
    delete files[found.file];
  }

  expect(order).toEqual([
    "explicit conda-linux-64.lock +7",
    "conda-lock conda-lock.yml +6",
    "pixi pixi.lock +5",
    "environment environment.yml +4",
    "environment environment.yaml +3",
    "environment conda.yml +2",
    "environment conda.yaml +1",
    "explicit package-list.txt +0",
  ]);
});

test("the lock of the image's platform counts", async () => {
  const files = { "conda-linux-64.lock": EXPLICIT, "conda-linux-aarch64.lock": EXPLICIT };

  expect(await find(files, { subdir: "linux-aarch64" })).toMatchObject({
    ...{ file: "conda-linux-aarch64.lock", skipped: [] },
  });
});

test("names that stand for something else as well", async () => {
  expect(await find({ "pixi.lock": "version: 6\n" })).toEqual({
    ...{ kind: "nothing", reason: "pixi.lock has no pixi.toml beside it" },
  });
  expect(await find({ "pixi.lock": "version: 6\n", "pyproject.toml": "" })).toMatchObject({
    ...{ kind: "pixi", skipped: [] },
  });
  expect(await find({ "package-list.txt": "numpy\n" })).toEqual({
    ...{ kind: "nothing", reason: "package-list.txt is no explicit file of conda" },
  });
  expect(await find({ "conda-linux-aarch64.lock": EXPLICIT })).toEqual({
    ...{ kind: "nothing", reason: "there is no conda-linux-64.lock" },
  });
});

const HYDRA = "defaults:\n  - model: small\nimage:\n  channels: 3\n";

test.each<[string, string, boolean]>([
  ["neither key", HYDRA, false],
  ["nothing", "", false],
  ["dependencies", ENVIRONMENT, true],
  ["channels alone", 'name: app\n"channels": [conda-forge]\n', true],
  ["a slip", "dependancies:\n  - numpy\n", true],
  ["a map in braces", '{"name": "app", "dependencies": ["numpy"]}', true],
  ["a map in braces without", '{"image": {"height": 3}}', false],
])("beside pip's files, a file with %s", async (_what, text, isTaken) => {
  const beside = await find({ "environment.yaml": text }, { hasOthers: true });
  const alone = await find({ "environment.yaml": text });
  const named = await find({ "environment.yaml": text }, { setting: "environment.yaml" });

  expect(beside).toMatchObject(
    isTaken
      ? { file: "environment.yaml" }
      : { kind: "nothing", reason: "environment.yaml has neither dependencies nor channels" },
  );
  // What is wrong with it is told where nothing else says what is installed.
  expect(alone).toMatchObject({ file: "environment.yaml" });
  expect(named).toMatchObject({ file: "environment.yaml", isNamed: true });
});

test("what is not conda's is not told as skipped", async () => {
  const files = { "environment.yaml": HYDRA, "conda.yaml": ENVIRONMENT };

  expect(await find(files, { hasOthers: true })).toMatchObject({
    ...{ file: "conda.yaml", skipped: [] },
  });
});

test.each<[string, Record<string, string>, string | undefined]>([
  ["pixi.toml", { "pixi.toml": "" }, "pixi.toml"],
  ["pixi's table", { "pyproject.toml": "[tool.pixi.dependencies]\npython = '*'\n" }, PYPROJECT],
  ["one of Linux", { "pyproject.toml": "[tool.pixi.target.linux-64.dependencies]\n" }, PYPROJECT],
  ["a feature's table", { "pyproject.toml": "[tool.pixi.feature.x.dependencies]\n" }, undefined],
  ["pixi's tasks alone", { "pyproject.toml": "[tool.pixi.tasks]\na = 'b'\n" }, undefined],
  ["another's table", { "pyproject.toml": "[project]\nname = 'pixi'\n" }, undefined],
])("without a lock, with %s", async (_what, files, manifest) => {
  const { kind } = await find(files, { hasOthers: true, hasRequirements: true });

  expect(kind).toBe("nothing");
  expect(await find(files, { hasOthers: true })).toMatchObject(
    manifest === undefined ? { kind: "nothing" } : { kind: "unlocked", manifest },
  );
  expect(await find({ ...files, "environment.yml": ENVIRONMENT })).toMatchObject({
    file: "environment.yml",
  });
});

test.each<[string, string, string]>([
  ["deps.txt", EXPLICIT, "explicit"],
  ["locks/a.yml", "version: 1\nmetadata:\n  x: 1\npackage: []\n", "conda-lock"],
  ["locks/b.yml", "version: 1\npackage: []\n", "conda-lock"],
  ["locks/pixi.lock", "version: 6\nenvironments:\n  default: {}\npackages: []\n", "pixi"],
  ["envs/prod.yml", ENVIRONMENT, "environment"],
  ["envs/odd.yml", `version: 1\n${ENVIRONMENT}`, "environment"],
  ["./envs/../envs/prod.yml", ENVIRONMENT, "environment"],
])("a named file is judged by its content: %s", async (setting, content, kind) => {
  const found = await find({ "environment.yml": "", [setting]: content }, { setting });

  expect(found).toMatchObject({ kind, isNamed: true, skipped: ["environment.yml"] });
});

test("a named file that can't be used", async () => {
  const told = async (setting: string) => {
    const found = await find({ "envs/prod.yml": "", "envs/x/y": "" }, { setting });
    return "problem" in found ? describeProblem(found.problem) : found.kind;
  };

  expect(
    `\n${(await Promise.all(["envs/prd.yml", "other.yml", "../x.yml", "envs/x"].map(told))).join("\n")}\n`,
  ).toMatchInlineSnapshot(`
    "
    BP_CONDA_ENVIRONMENT: envs/prd.yml
      There is no file envs/prd.yml in the app. Did you mean envs/prod.yml?
    BP_CONDA_ENVIRONMENT: other.yml
      There is no file other.yml in the app; check its spelling (upper and lower case differ) and that it is not ignored.
    BP_CONDA_ENVIRONMENT: ../x.yml
      A file of the app is needed, by its path in the app.
    BP_CONDA_ENVIRONMENT: envs/x
      envs/x is a directory; a file is needed.
    "
  `);
});
