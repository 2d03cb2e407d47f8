import type { PylockPackage } from "../../uv/pylock.ts";
import { normalizeName } from "../../lock.ts";
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
      return { name, version, vcs: { type: "git", url: gitUrl(url), "commit-id": commit, ...sub } };
    case "directory":
      // The version that was locked is not kept up to date; the build says it.
      return { name, directory: { path: url, ...sub } };
    case "file":
      return { name, version, archive: { path: url, hashes: hashesOf(url, files), ...sub } };
    case "url":
      return { name, version, archive: { url, hashes: hashesOf(url, files), ...sub } };
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
  const wheels = allowed.wheel ? files.filter(({ file }) => file.endsWith(".whl")) : [];
  const sdists = allowed.sdist ? files.filter(({ file }) => SDIST.test(file)) : [];
  const sdist = sdists.find(({ file }) => file.endsWith(".tar.gz")) ?? sdists[0];
  return {
    ...(wheels.length === 0 ? {} : { wheels: wheels.map(namedFile) }),
    ...(sdist === undefined ? {} : { sdist: namedFile(sdist) }),
  };
}

const SDIST = /\.(?:tar\.(?:gz|bz2|xz)|tgz|zip)$/;

function namedFile(entry: Files[number]): { name: string; hashes: Record<string, string> } {
  return { name: entry.file, hashes: hashes(entry) };
}

function hashes({ hash }: Files[number]): Record<string, string> {
  const [algorithm = "", digest = ""] = hash.split(":");
  return { [algorithm]: digest };
}

/** Of the one file that a URL or path is. */
function hashesOf(address: string, files: Files): Record<string, string> {
  const name = decodeURI(address.split(/[?#]/)[0] ?? "")
    .split("/")
    .at(-1);
  const entry = files.find(({ file }) => file === name) ?? files[0];
  return entry === undefined ? {} : hashes(entry);
}

/** "git@host:owner/name.git" as a URL. https://git-scm.com/docs/git-clone#_git_urls */
function gitUrl(address: string): string {
  const [, user, host, path] = /^([\w.-]+@)([\w.-]+):(?!\/\/)(.+)$/.exec(address) ?? [];
  return user === undefined ? address : `ssh://${user}${host}/${path}`;
}
