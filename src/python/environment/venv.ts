import { rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeDirectory, writeFileWhole } from "../../cnb/files.ts";
import type { Interpreter } from "../interpreter.ts";
import { sitePackagesIn } from "./paths.ts";

/**
 * Makes an empty virtual environment. `python -m venv` would write the interpreter's patch version
 * and the command line into it, and equal locks must give equal bytes.
 * https://docs.python.org/3/library/venv.html#how-venvs-work
 */
export async function makeVenv(venv: string, interpreter: Interpreter): Promise<void> {
  await rm(venv, { recursive: true, force: true });
  await makeDirectory(join(venv, sitePackagesIn(interpreter)));
  await makeDirectory(join(venv, "bin"));
  for (const name of ["python", "python3", `python${interpreter.minor}`]) {
    await symlink(interpreter.path, join(venv, "bin", name));
  }
  await writeFileWhole(join(venv, "pyvenv.cfg"), configuration(interpreter));
}

function configuration({ path, minor, hasPackages = false }: Interpreter): string {
  return [
    `home = ${dirname(path)}`,
    // What is in the environment itself comes first.
    `include-system-site-packages = ${hasPackages}`,
    `version = ${minor}`,
    "",
  ].join("\n");
}

/**
 * Its name sorts before those that wheels ship, since their lines may import from the layers that
 * this file adds: `site` reads .pth files in the order of their names.
 * https://docs.python.org/3/library/site.html
 */
const JOINING_FILE = "00_ml_buildpacks_layers.pth";

/** Adds directories of packages to Python's path, after the venv's own. */
export async function joinDirectories(
  venv: string,
  interpreter: Interpreter,
  directories: readonly string[],
): Promise<void> {
  if (directories.length === 0) return;
  const file = join(venv, sitePackagesIn(interpreter), JOINING_FILE);
  await writeFileWhole(file, directories.map((directory) => `${directory}\n`).join(""));
}
