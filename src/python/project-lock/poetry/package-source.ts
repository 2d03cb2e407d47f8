import { normalizeName } from "../../lock.ts";
import type { PylockFile, PylockPackage } from "../../uv/pylock.ts";
import { archiveOf, asHashes } from "../archive-of.ts";
import { asGitUrl } from "../git-address.ts";
import { wheelsAndSdist } from "../wheels-and-sdist.ts";
import type { FilePolicy } from "./file-policy.ts";
import type { LockedPackage } from "./lock-file.ts";

type Files = NonNullable<LockedPackage["files"]>;

/**
 * A locked package as PEP 751 writes it. Poetry gives no addresses of files on an index.
 * https://github.com/python-poetry/poetry/blob/2.5.1/src/poetry/packages/locker.py
 */
export function asPylock(item: LockedPackage, allows: FilePolicy): PylockPackage {
  const { version, source, files = [] } = item;
  const name = normalizeName(item.name);
  const { type, url = "", resolved_reference: commit = "", subdirectory } = source ?? {};
  const sub = subdirectory === undefined ? {} : { subdirectory };
  switch (type) {
    case "git":
      return {
        name,
        version,
        vcs: { type: "git", url: asGitUrl(url), "commit-id": commit, ...sub },
      };
    case "directory":
      // The version that was locked is not kept up to date; the build says it.
      return { name, directory: { path: url, ...sub } };
    case "file":
      return { name, version, archive: archiveOf({ path: url, ...sub }, files.map(namedFile)) };
    case "url":
      return { name, version, archive: archiveOf({ url, ...sub }, files.map(namedFile)) };
    case undefined:
    default:
      return {
        name,
        version,
        // PyPI's packages have no source.
        ...(source === undefined ? {} : { index: url }),
        ...filesOf(name, files, allows),
      };
  }
}

function filesOf(
  name: string,
  files: Files,
  allows: FilePolicy,
): Pick<PylockPackage, "wheels" | "sdist"> {
  const allowed = allows(name);
  const { wheels, sdist } = wheelsAndSdist(files.map(namedFile));
  return {
    ...(wheels === undefined || !allowed.wheel ? {} : { wheels }),
    ...(sdist === undefined || !allowed.sdist ? {} : { sdist }),
  };
}

function namedFile({ file, hash }: Files[number]): PylockFile {
  return { name: file, hashes: asHashes(hash) };
}
