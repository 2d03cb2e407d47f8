import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/** Lower-case hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/**
 * A digest of a directory's names, contents, links and execute bits; not of times, owners or the
 * other mode bits, which differ between checkouts of one commit.
 */
export async function sha256OfTree(
  root: string,
  isLeftOut: (relativePath: string) => boolean = () => false,
): Promise<string> {
  const hash = createHash("sha256");
  await addDirectory("");
  return hash.digest("hex");

  async function addDirectory(relative: string): Promise<void> {
    const names = (await readdir(join(root, relative))).sort();
    for (const name of names) {
      const path = relative === "" ? name : `${relative}/${name}`;
      if (!isLeftOut(path)) await addEntry(path);
    }
  }

  async function addEntry(path: string): Promise<void> {
    const absolute = join(root, path);
    const stats = await lstat(absolute);
    if (stats.isSymbolicLink()) {
      hash.update(`link ${JSON.stringify([path, await readlink(absolute)])}\n`);
    } else if (stats.isDirectory()) {
      hash.update(`directory ${JSON.stringify(path)}\n`);
      await addDirectory(path);
    } else if (stats.isFile()) {
      const executable = (stats.mode & 0o100) !== 0;
      hash.update(`file ${JSON.stringify([path, executable, await sha256OfFile(absolute)])}\n`);
    }
  }
}
