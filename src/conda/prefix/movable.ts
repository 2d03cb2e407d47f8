import { closeSync, lstatSync, openSync, readSync } from "node:fs";
import { posix } from "node:path";
import { pathsOf, type PrefixRecord } from "./record.ts";
import { STAYING } from "./staying.ts";

/** A file that may lie in a layer of its package's own, with a link in the prefix. */
export interface Movable {
  readonly path: string;
  readonly bytes: number;
}

/**
 * In bytes. The link that stays takes 1.5 kB of the environment's archive, since its target is
 * longer than the 100 bytes of a header: https://www.gnu.org/software/tar/manual/html_node/Standard.html
 * So it is at most a twentieth of the file that it stands for, which all other changes then spare.
 */
export const LEAST_MOVED = 32_768;

/**
 * What of a package may lie outside of the prefix: large shared objects and data. It depends on the
 * package alone, never on the others that are there.
 */
export function movableFiles(prefix: string, record: PrefixRecord): readonly Movable[] {
  const pages = new Set(
    pathsOf(record)
      .filter(({ _path }) => posix.basename(_path) === "index.html")
      .map(({ _path }) => posix.dirname(_path)),
  );
  return pathsOf(record)
    .filter(({ path_type = "hardlink" }) => path_type === "hardlink")
    .filter(({ _path }) => !STAYING.some(({ path }) => path.test(_path)))
    .filter(({ _path }) => !isBelow(_path, pages))
    .flatMap(({ _path: path }) => {
      const stats = lstatSync(`${prefix}/${path}`, { throwIfNoEntry: false });
      if (stats?.isFile() !== true || stats.size < LEAST_MOVED) return [];
      return isProgram(`${prefix}/${path}`, stats.mode) ? [] : [{ path, bytes: stats.size }];
    });
}

function isBelow(path: string, directories: ReadonlySet<string>): boolean {
  const above = posix.dirname(path);
  return directories.has(above) || (above !== "." && isBelow(above, directories));
}

/** A script, or an executable ELF file that doesn't have a shared object's name. */
function isProgram(path: string, mode: number): boolean {
  const start = firstBytes(path, 4);
  if (start.startsWith("#!")) return true;
  return start === "\x7fELF" && (mode & 0o111) !== 0 && !SHARED_OBJECT.test(path);
}

const SHARED_OBJECT = /\.so(?:\.[^/]*)?$/;

function firstBytes(path: string, length: number): string {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(length);
    return buffer.toString("latin1", 0, readSync(file, buffer));
  } finally {
    closeSync(file);
  }
}
