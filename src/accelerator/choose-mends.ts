import type { Origin } from "../kit/origin.ts";

/**
 * "write torch==2.8.* here"; nobody edits a lock by hand, so that there it is "lock it again with
 * torch==2.8.*". A place of "" is told by what stands around it.
 */
export function mendIn(origin: Origin, mend: string, place: string): string {
  if (!isLock(origin)) return place === "" ? mend : `${mend} ${place}`;
  return mend
    .replace(/^write /, `lock ${origin.file} again with `)
    .replace(/^remove (?:the line$)?/, `lock ${origin.file} again without `)
    .replace(/without $/, "without it");
}

/** Those of the package managers, and every name that PEP 751 gives a lock ("pylock.dev.toml"). */
function isLock({ file, line }: Origin): boolean {
  const name = /(?:^|\/)(?:pylock(?:\.[^/]+)?\.toml|(?:uv|poetry|pdm|Pipfile)\.lock)$/;
  return line === undefined && name.test(file);
}
