import { symlinkSync } from "node:fs";
import type { PackageIndex } from "../package-index.ts";
import { makeDirectory } from "../unpack/move-tree.ts";
import type { MergedTree } from "./merge-trees.ts";

/**
 * Writes the merged tree into a directory that does not exist yet or is empty: real directories,
 * an absolute link to the store for each file, and the links of packages and alternatives.
 * `storeTree` gives the tree that holds a package's files. Synchronous, since a promise for each of
 * 60,000 links takes seconds.
 */
export function writeFarm(
  { nodes }: MergedTree,
  storeTree: (owner: PackageIndex) => string,
  rootTree: string,
): void {
  makeDirectory(rootTree);
  for (const [path, node] of nodes) {
    const place = `${rootTree}/${path}`;
    switch (node.kind) {
      case "directory":
        makeDirectory(place);
        break;
      case "file":
        symlinkSync(`${storeTree(node.owner)}/${node.path}`, place);
        break;
      case "link":
        symlinkSync(node.target, place);
        break;
    }
  }
}
