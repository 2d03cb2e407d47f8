import { join } from "node:path";
import { makeDirectory, writeFileWhole } from "../../cnb/files.ts";
import program from "./join-venv.py";
import type { PrefixPython } from "./python.ts";

/** Its name sorts before those of packages, as the venv's packages come before theirs. */
const JOINING_FILE = "00_ml_buildpacks_venv.pth";
const MODULE = "_ml_buildpacks_venv";

/**
 * Has the prefix's Python see the packages of a venv on it, if there is one when it starts: the
 * bytes are the same whether or not anything is asked of pip.
 */
export async function joinVenv(
  prefix: string,
  { sitePackages }: Pick<PrefixPython, "sitePackages">,
  venv: string,
): Promise<void> {
  const site = join(prefix, sitePackages);
  await makeDirectory(site);
  await writeFileWhole(join(site, `${MODULE}.py`), program);
  const line = `import ${MODULE}; ${MODULE}.join(${JSON.stringify(venv)})\n`;
  await writeFileWhole(join(site, JOINING_FILE), line);
}
