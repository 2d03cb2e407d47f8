import { readdir, readFile, rename, rmdir } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { exists, makeDirectory, writeFileWhole } from "../../cnb/files.ts";
import type { Interpreter } from "../interpreter.ts";
import { type Installed, isBytecode } from "./installed.ts";
import { pathInVenv, placeInLayer, sitePackagesIn } from "./paths.ts";
import { formatRecord, parseRecord } from "./record-file.ts";

/**
 * Moves the files of some distributions out of the venv into a layer of their own. `installed` is
 * everything in the venv: a directory that nobody else has files in is moved as a whole.
 */
export async function moveToLayer(
  members: readonly string[],
  installed: ReadonlyMap<string, Installed>,
  venv: string,
  layerPath: string,
  interpreter: Interpreter,
): Promise<void> {
  const shared = topLevelsOf(
    [...installed.values()].filter(({ name }) => !members.includes(name)),
    interpreter,
  );
  const emptied = new Set<string>();
  for (const member of members) {
    for (const { path } of installed.get(member)?.record ?? []) {
      const from = pathInVenv(path, interpreter);
      const top = topLevel(from, interpreter);
      const moved = shared.has(top) ? from : top;
      if (await moveOne(join(venv, moved), join(layerPath, placeInLayer(moved, interpreter)))) {
        emptied.add(dirname(moved));
      }
    }
  }
  for (const directory of emptied) await removeEmpty(venv, directory, interpreter);
  for (const member of members) {
    const info = installed.get(member)?.infoDirectory;
    if (info !== undefined) await rewriteRecord(join(layerPath, "site-packages", info), interpreter);
  }
}

/** The first name below site-packages or, outside of it, the file itself. */
function topLevel(path: string, interpreter: Interpreter): string {
  const site = `${sitePackagesIn(interpreter)}/`;
  if (!path.startsWith(site)) return path;
  return site + (path.slice(site.length).split("/")[0] ?? "");
}

function topLevelsOf(
  distributions: readonly Installed[],
  interpreter: Interpreter,
): ReadonlySet<string> {
  return new Set(
    distributions.flatMap(({ record }) =>
      record.map(({ path }) => topLevel(pathInVenv(path, interpreter), interpreter)),
    ),
  );
}

async function moveOne(from: string, to: string): Promise<boolean> {
  await makeDirectory(dirname(to));
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    // It went along with its directory, or with another member that owns it, too.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

async function removeEmpty(
  venv: string,
  directory: string,
  interpreter: Interpreter,
): Promise<void> {
  const kept = [".", "bin", sitePackagesIn(interpreter), dirname(sitePackagesIn(interpreter)), "lib"];
  if (kept.includes(directory)) return;
  const path = join(venv, directory);
  if (!(await exists(path)) || (await readdir(path)).length > 0) return;
  await rmdir(path);
  await removeEmpty(venv, dirname(directory), interpreter);
}

/** Files outside site-packages are at another distance now. */
async function rewriteRecord(infoDirectory: string, interpreter: Interpreter): Promise<void> {
  const file = join(infoDirectory, "RECORD");
  const entries = parseRecord(await readFile(file, "utf8"));
  const moved = entries
    .filter(({ path }) => !isBytecode(path))
    .map((entry) => {
      const place = placeInLayer(pathInVenv(entry.path, interpreter), interpreter);
      return { ...entry, path: posix.relative("site-packages", place) };
    });
  await writeFileWhole(file, formatRecord(moved));
}
