import { lstatSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { posix } from "node:path";
import type { MergedTree } from "../farm/merge-trees.ts";
import type { PackageIndex } from "../package-index.ts";
import { targetPath } from "./merge-usr.ts";

/**
 * Rewrites the links of a package in a store layer, which has no files of other layers, although a
 * program may look for its neighbours from its real place. What another package has, and every
 * absolute target that the tree has, is reached by way of the root tree; what no package has is
 * looked for in the run image.
 */
export function settleLinks(
  tree: string,
  index: PackageIndex,
  merged: Pick<MergedTree, "exists">,
  rootTree: string,
): void {
  for (const { path, target } of storeLinks(index, merged, rootTree)) {
    const place = `${tree}/${path}`;
    // Another package of this tree may have a file or directory at the same path.
    if (!lstatSync(place).isSymbolicLink() || readlinkSync(place) === target) continue;
    rmSync(place);
    symlinkSync(target, place);
  }
}

export interface StoreLink {
  readonly path: string;
  readonly target: string;
}

/** What {@link settleLinks} leaves: it changes with the lock, so a layer's metadata may note it. */
export function storeLinks(
  index: PackageIndex,
  merged: Pick<MergedTree, "exists">,
  rootTree: string,
): readonly StoreLink[] {
  const own = new Set(index.entries.map(({ path }) => path));
  return index.entries.flatMap((entry) => {
    if (entry.kind !== "link") return [];
    const { path, target } = entry;
    const goal = targetPath(path, target);
    if (own.has(goal) && !target.startsWith("/")) return [{ path, target }];
    if (merged.exists(goal)) return [{ path, target: posix.join(rootTree, goal) }];
    return [{ path, target: target.startsWith("/") ? target : `/${goal}` }];
  });
}
