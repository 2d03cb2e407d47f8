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
  const paths = members.flatMap((member) => installed.get(member)?.record ?? []);
  const moved = new Set(
    paths.map(({ path }) => {
      const file = pathInVenv(path, interpreter);
      const top = topLevel(file, interpreter);
      return shared.has(top) ? file : top;
    }),
  );
  for (const path of moved) {
    await moveOne(join(venv, path), join(layerPath, placeInLayer(path, interpreter)));
  }
  for (const directory of new Set([...moved].map((path) => dirname(path)))) {
    await removeEmpty(venv, directory, interpreter);
  }
  for (const member of members) {
    const info = installed.get(member)?.infoDirectory;
    if (info !== undefined)
      await rewriteRecord(join(layerPath, "site-packages", info), interpreter);
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

async function moveOne(from: string, to: string): Promise<void> {
  await makeDirectory(dirname(to));
  try {
    await rename(from, to);
  } catch (error) {
    // A wheel's RECORD may list a file that is not in it, and uv leaves out what it does not need.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

async function removeEmpty(
  venv: string,
  directory: string,
  interpreter: Interpreter,
): Promise<void> {
  const kept = [
    ".",
    "bin",
    sitePackagesIn(interpreter),
    dirname(sitePackagesIn(interpreter)),
    "lib",
  ];
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
