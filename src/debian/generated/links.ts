import { readlink, rm, symlink } from "node:fs/promises";
import { posix } from "node:path";
import type { Generator } from "./generator.ts";

/**
 * Whether a path is made in the tree although no package has it. Packages' links lead there, those
 * in store layers, too.
 */
export function isMade(path: string): boolean {
  return MADE.test(path);
}

/** Packages' absolute links to what is made lead to it in the tree. */
export const madeLinks: Generator = {
  name: "links to files that are made",
  run: async ({ tree, indexes }) => {
    const links = indexes
      .flatMap(({ entries }) => entries)
      .filter((entry) => entry.kind === "link" && isMade(entry.target.slice(1)))
      .map(({ path }) => path);
    let settled = 0;
    for (const path of links) {
      const target = await readlink(tree.at(path)).catch(() => undefined);
      if (target?.startsWith("/") !== true || !isMade(target.slice(1))) continue;
      await rm(tree.at(path));
      await symlink(posix.relative(posix.dirname(path), target.slice(1)), tree.at(path));
      settled += 1;
    }
    return settled === 0 ? undefined : `${settled} of them`;
  },
};

const MADE = /^(etc\/R\/Renviron|etc\/ssl\/certs\/java\/cacerts|var\/lib\/texmf\/.+)$/;
