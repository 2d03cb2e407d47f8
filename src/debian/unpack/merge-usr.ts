import { posix } from "node:path";

/**
 * The place of a path in a system whose `/bin`, `/lib` … are links to their namesakes below `/usr`,
 * as Debian's are: without a leading slash, normal, "" for the root.
 * https://wiki.debian.org/UsrMerge
 */
export function mergedPath(path: string): string {
  const normal = posix.normalize(`/${path}`).replace(/^\/+|\/+$/g, "");
  const [top = ""] = normal.split("/", 1);
  return MERGED.test(top) ? `usr/${normal}` : normal;
}

const MERGED = /^(bin|sbin|lib|lib32|lib64|libo32|libx32)$/;

/** Where a link of a package leads to, as a {@link mergedPath}. */
export function targetPath(link: string, target: string): string {
  return mergedPath(target.startsWith("/") ? target : posix.join("/", posix.dirname(link), target));
}

/**
 * The target of a link once it and what it leads to are merged: the package's own words wherever
 * they still mean the same.
 */
export function mergedTarget(link: string, target: string): string {
  const goal = targetPath(link, target);
  const merged = mergedPath(link);
  if (target.startsWith("/")) {
    return goal === posix.normalize(target).slice(1).replace(/\/$/, "") ? target : `/${goal}`;
  }
  const stays = posix.join("/", posix.dirname(merged), target).replace(/^\/+|\/+$/g, "") === goal;
  return stays ? target : relativeTarget(merged, goal);
}

/** The relative target of a link to `goal`; both are paths from the root. */
export function relativeTarget(link: string, goal: string): string {
  return posix.relative(posix.join("/", posix.dirname(link)), posix.join("/", goal)) || ".";
}
