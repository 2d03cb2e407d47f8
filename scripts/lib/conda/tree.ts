import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { MadeCondaPackage, MadeFile } from "./channel.ts";
import type { TarEntry } from "./tar.ts";

/** What a package puts into a prefix. */
export type TreeEntry = TarEntry & {
  readonly fileMode?: "text" | "binary";
  readonly noLink?: boolean;
};

/** The files of a package, sorted by path. */
export async function readEntries({ files = {}, tree }: MadeCondaPackage): Promise<TreeEntry[]> {
  const written = Object.entries(files).map(([path, file]) => entryOf(path, file));
  const read = tree === undefined ? [] : await readTree(tree, "");
  return [...read, ...written].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function entryOf(path: string, file: string | Uint8Array | MadeFile): TreeEntry {
  if (typeof file === "string" || file instanceof Uint8Array) {
    return { path, content: Buffer.from(file), mode: usualMode(path) };
  }
  if (!("content" in file)) return { path, ...file };
  return { mode: usualMode(path), ...file, path, content: Buffer.from(file.content) };
}

function usualMode(path: string): number {
  return /^(?:bin|python-scripts)\//.test(path) ? 0o755 : 0o644;
}

/** Empty directories are left out, as conda-build leaves them out. */
async function readTree(root: string, relative: string): Promise<readonly TreeEntry[]> {
  const names = await readdir(join(root, relative));
  const entries = names.map(async (name): Promise<readonly TreeEntry[]> => {
    const path = join(relative, name);
    const absolute = join(root, path);
    const stats = await lstat(absolute);
    if (stats.isDirectory()) return await readTree(root, path);
    if (stats.isSymbolicLink()) return [{ path, linkTo: await readlink(absolute) }];
    return [{ path, content: await readFile(absolute), mode: stats.mode & 0o777 }];
  });
  return (await Promise.all(entries)).flat();
}
