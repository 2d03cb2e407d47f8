import { rmdirSync, unlinkSync } from "node:fs";
import { posix } from "node:path";

/**
 * Removes files and links, and the directories that are empty without them but for those of `kept`.
 * Synchronous, since a promise for each of 50,000 files takes seconds.
 */
export function removePaths(
  prefix: string,
  files: readonly string[],
  kept: ReadonlySet<string> = new Set(),
): void {
  for (const path of files) attempt(() => unlinkSync(`${prefix}/${path}`));
  removeEmpty(prefix, new Set(files.flatMap(directoriesAbove)), kept);
}

/** Removes those of some directories that are empty. */
export function removeEmpty(
  prefix: string,
  directories: ReadonlySet<string>,
  kept: ReadonlySet<string> = new Set(),
): void {
  // What is deeper comes first.
  for (const directory of [...directories].sort().toReversed()) {
    if (!kept.has(directory)) attempt(() => rmdirSync(`${prefix}/${directory}`));
  }
}

/** "share/man/man1/x.1" → "share/man/man1", "share/man", "share". */
function directoriesAbove(path: string): readonly string[] {
  const directory = posix.dirname(path);
  return directory === "." ? [] : [directory, ...directoriesAbove(directory)];
}

/** Another package's file is in the directory, it is a link to one, or it has gone before. */
const EXPECTED: ReadonlySet<unknown> = new Set(["ENOENT", "ENOTDIR", "ENOTEMPTY"]);

function attempt(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!EXPECTED.has((error as NodeJS.ErrnoException).code)) throw error;
  }
}
