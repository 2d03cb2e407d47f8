import { expect, it } from "vitest";
import { poetry } from "../../../../src/python/project-lock/poetry/manager.ts";
import { findAppPackage } from "../../../../src/python/project-lock/poetry/app-package.ts";
import { readProject } from "../../../../src/python/project-lock/poetry/project.ts";
import { writeFiles } from "../../../support/phase.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

const BUILD = `[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
`;
const NAMED = `[tool.poetry]\nname = "My.App-x"\n`;

async function find(pyproject: string, files: readonly string[]) {
  const appDir = await temporaryDirectory();
  const empty = Object.fromEntries(files.map((file) => [file, ""]));
  await writeFiles(appDir, { "pyproject.toml": pyproject, "data/raw.csv": "", ...empty });
  return { appDir, app: await findAppPackage(appDir, await readProject(appDir)) };
}

it.each<[string, string, readonly string[]]>([
  ["a package", NAMED + BUILD, ["my_app_x/__init__.py"]],
  ["a module", NAMED + BUILD, ["my_app_x.py"]],
  ["one in src", NAMED + BUILD, ["src/my_app_x/a.py"]],
  ["modules further down", NAMED + BUILD, ["my_app_x/deep/a.py"]],
  [
    "packages by their names",
    `${NAMED}packages = [{ include = "a" }, { include = "b/**/*.py", from = "lib" }]\n${BUILD}`,
    ["a/x.py", "lib/b/y.py"],
  ],
  [
    "what only the source distribution has",
    `${NAMED}packages = [{ include = "a" }, { include = "tests", format = "sdist" }]\n${BUILD}`,
    ["a/x.py"],
  ],
  ["[project]", `[project]\nname = "app"\n${BUILD}`, ["app/__init__.py"]],
  [
    "another backend, which looks itself",
    `${NAMED}[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n`,
    [],
  ],
])("installs %s", async (_what, pyproject, files) => {
  const { app, appDir } = await find(pyproject, files);

  expect(app).toEqual({ isInstalled: true });
  expect(await poetry.variant?.(appDir)).toBe("the app itself, too");
  // The app's code decides nothing: an edit of it keeps the lock.
  expect(await poetry.files(appDir)).toEqual(["pyproject.toml"]);
});

it.each<[string, string, string | undefined]>([
  ["package mode off", `${NAMED}package-mode = false\n${BUILD}`, undefined],
  ["no name", BUILD, "pyproject.toml gives it no name"],
  ["no backend", NAMED, "pyproject.toml has no [build-system]"],
  ["no module", NAMED + BUILD, "there is no directory my_app_x or src/my_app_x"],
  [
    "a directory without modules",
    `${NAMED}packages = [{ include = "data" }]\n${BUILD}`,
    "there is no module in data, which pyproject.toml includes",
  ],
])("skips the app with %s", async (_what, pyproject, because) => {
  const { app, appDir } = await find(pyproject, ["main.py"]);

  expect(app).toEqual({ isInstalled: false, because });
  expect(await poetry.variant?.(appDir)).toBeUndefined();
});
