import { normalizeName } from "../../lock.ts";
import { isArchive } from "../../requirements/requirement-line.ts";
import type { PylockFile, PylockPackage } from "../../uv/pylock.ts";
import { archiveOf, asHashes } from "../archive-of.ts";
import { repositoryOf } from "../repository-of.ts";
import { wheelsAndSdist } from "../wheels-and-sdist.ts";
import { invalid, type LockedPackage } from "./lock-file.ts";

/** A locked package as PEP 751 writes it, without its index. */
export function asPylock(item: LockedPackage): PylockPackage {
  const name = normalizeName(item.name);
  const version = item.version === undefined ? {} : { version: item.version };
  const sub = item.subdirectory === undefined ? {} : { subdirectory: item.subdirectory };
  const repository = repositoryOf(item);
  if (repository !== undefined) {
    const { type, address: url } = repository;
    if (item.revision === undefined) {
      const issue = `package ${item.name} of ${url} without a commit, which PDM locks where 'editable' is not set`;
      throw invalid({ line: undefined, issue });
    }
    return { name, ...version, vcs: { type, url, "commit-id": item.revision, ...sub } };
  }
  const { path, url } = item;
  const files = (item.files ?? []).map(asFile);
  if (path !== undefined && !isArchive(path)) {
    // The version that was locked is not kept up to date; the build says it.
    return { name, directory: { path, ...sub } };
  }
  if (path !== undefined || url !== undefined) {
    const place = path === undefined ? { url: url ?? "" } : { path };
    return { name, ...version, archive: archiveOf({ ...place, ...sub }, files) };
  }
  return { name, ...version, ...wheelsAndSdist(files) };
}

function asFile({ file, url, hash }: NonNullable<LockedPackage["files"]>[number]): PylockFile {
  const place = url === undefined ? { name: file ?? "" } : { url };
  return { ...place, hashes: asHashes(hash) };
}
