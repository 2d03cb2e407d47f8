import { normalize } from "node:path/posix";
import { allows } from "./constraint.ts";
import type { Dependency } from "./dependency.ts";
import type { LockedPackage } from "./lock-file.ts";

/** Whether a locked package is the one that is asked for, of several of its name. */
export function fits(dependency: Dependency, { version, source }: LockedPackage): boolean {
  const { git, url, path, file, source: index } = dependency;
  const local = path ?? file;
  if (git !== undefined) {
    const reference = dependency.rev ?? dependency.tag ?? dependency.branch;
    const isReference = reference === undefined || reference === source?.reference;
    return source?.type === "git" && source.url === git && isReference;
  }
  if (url !== undefined) return source?.type === "url" && source.url === url;
  if (local !== undefined)
    return source !== undefined && normalize(source.url) === normalize(local);
  if (index !== undefined && !isFrom(index, source)) return false;
  return allows(dependency.version ?? "*", version);
}

/** PyPI's packages have no source. */
function isFrom(index: string, source: LockedPackage["source"]): boolean {
  const found = source?.type === "legacy" ? source.reference : undefined;
  return (found ?? "pypi").toLowerCase() === index.toLowerCase();
}
