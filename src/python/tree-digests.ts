import { join } from "node:path";
import { sha256OfTree } from "../kit/hash.ts";
import type { Lock } from "./lock.ts";
import { isLeftOutOfDigest } from "./wheels/source-tree.ts";

/**
 * The lock with the digests that the app's directories have now. They are not part of what is kept:
 * an edit of a local package's code makes it anew, but resolves nothing.
 */
export async function withTreeDigests(lock: Lock, appDir: string): Promise<Lock> {
  return Promise.all(
    lock.map(async (distribution) =>
      distribution.from === "directory"
        ? {
            ...distribution,
            sha256: await sha256OfTree(join(appDir, distribution.path), isLeftOutOfDigest),
          }
        : distribution,
    ),
  );
}
