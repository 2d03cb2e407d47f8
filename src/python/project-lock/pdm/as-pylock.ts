import { normalizeName } from "../../lock.ts";
import { isArchive } from "../../requirements/requirement-line.ts";
import { fileNameOf, type PylockFile, type PylockPackage } from "../../uv/pylock.ts";
import { wheelsAndSdist } from "../wheels-and-sdist.ts";
import { invalid, type LockedPackage } from "./lock-file.ts";

/** A locked package as PEP 751 writes it, without its index. */
export function asPylock(item: LockedPackage): PylockPackage {
  const name = normalizeName(item.name);
  const version = item.version === undefined ? {} : { version: item.version };
  const sub = item.subdirectory === undefined ? {} : { subdirectory: item.subdirectory };
  const vcs = (["git", "hg", "svn", "bzr"] as const).find((type) => item[type] !== undefined);
  if (vcs !== undefined) {
    const url = item[vcs] ?? "";
    if (item.revision === undefined) {
      const issue = `package ${item.name} of ${url} without a commit, which PDM locks where 'editable' is not set`;
      throw invalid({ line: undefined, issue });
    }
    return { name, ...version, vcs: { type: vcs, url, "commit-id": item.revision, ...sub } };
  }
  const { path, url } = item;
  const files = (item.files ?? []).map(asFile);
  if (path !== undefined && !isArchive(path)) {
    // The version that was locked is not kept up to date; the build says it.
    return { name, directory: { path, ...sub } };
  }
  if (path !== undefined || url !== undefined) {
    const place = path === undefined ? { url: url ?? "" } : { path };
    const own = files.find((file) => fileNameOf(file) === fileNameOf({ ...place, hashes: {} }));
    return {
      name,
      ...version,
      archive: { ...place, hashes: (own ?? files[0])?.hashes ?? {}, ...sub },
    };
  }
  return { name, ...version, ...wheelsAndSdist(files) };
}

function asFile({ file, url, hash }: NonNullable<LockedPackage["files"]>[number]): PylockFile {
  const [algorithm = "", digest = ""] = hash.split(":");
  const place = url === undefined ? { name: file ?? "" } : { url };
  return { ...place, hashes: { [algorithm]: digest } };
}
