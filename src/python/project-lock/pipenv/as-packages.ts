import type { Env } from "../../../cnb/env.ts";
import { withoutCredential } from "../../../kit/credentials.ts";
import { expandVariables } from "../../../kit/variables.ts";
import { asHashes } from "../archive-of.ts";
import { findFiles, type Unlocated } from "../find-files.ts";
import type { LockRequest } from "../manager.ts";
import { wheelsAndSdist } from "../wheels-and-sdist.ts";
import { PYPI } from "../../uv/index-config.ts";
import type { PylockPackage } from "../../uv/pylock.ts";
import { digestOfFile } from "./digest-of-file.ts";
import { invalid, type LockedEntry, type PipenvLock } from "./lock-file.ts";
import { LOCK_FILE, RELOCK } from "./names.ts";
import { placeOf } from "./place-of.ts";

/**
 * Locked entries as PEP 751 writes them. Of packages of an index Pipenv locks the digests of files
 * and no names, which say what is for this platform: the index is asked.
 */
export async function asPackages(
  entries: ReadonlyMap<string, LockedEntry>,
  lock: PipenvLock,
  request: Pick<LockRequest, "appDir" | "place">,
): Promise<readonly PylockPackage[]> {
  const placed: PylockPackage[] = [];
  const unlocated: Unlocated[] = [];
  for (const [name, entry] of entries) {
    const found = placeOf(name, entry);
    if (found === undefined) unlocated.push(asUnlocated(name, entry, lock));
    else if (found.kind === "whole") placed.push(found.package);
    else {
      const sha256 = await digestOfFile(found, { name, sha256: digestsOf(entry) }, request);
      const hashes: Record<string, string> = sha256 === undefined ? {} : { sha256 };
      const { address } = found;
      const where = found.isRemote ? { url: address.replace(/#.*$/, "") } : { path: address };
      placed.push({ name, ...versionOf(entry), archive: { ...where, hashes } });
    }
  }
  const { place } = request;
  const located = await findFiles(unlocated, {
    ...{ place, lockFile: LOCK_FILE, relock: RELOCK },
    unset: unsetIn(lock, place.env),
  });
  const ofIndexes = unlocated.map(({ name, version }, at): PylockPackage => {
    const { index, files } = located[at] ?? { index: PYPI, files: [] };
    return { name, ...(version === undefined ? {} : { version }), index, ...wheelsAndSdist(files) };
  });
  return [...placed, ...ofIndexes];
}

/** Variables that the sources' addresses name, as they are written, and the build lacks. */
function unsetIn({ meta: { sources = [] } }: PipenvLock, env: Env): readonly string[] {
  return [...new Set(sources.flatMap(({ url }) => expandVariables(url, env).missing))];
}

function asUnlocated(name: string, entry: LockedEntry, lock: PipenvLock): Unlocated {
  const { version } = versionOf(entry);
  if (version === undefined) {
    const issue = `${name} with the version "${entry.version ?? ""}": its marker did not hold where the lock was made, and holds here`;
    throw invalid(undefined, issue);
  }
  return { name, version, sha256: digestsOf(entry), indexes: indexesFor(name, entry, lock) };
}

function versionOf(entry: LockedEntry): { readonly version?: string } {
  const version = /^===?\s*([^\s*]+)$/.exec(entry.version ?? "")?.[1];
  return version === undefined ? {} : { version };
}

function digestsOf({ hashes = [] }: LockedEntry): readonly string[] {
  return hashes.flatMap((hash) => asHashes(hash)["sha256"]?.toLowerCase() ?? []);
}

/** That which it names, else all in their order: older versions of Pipenv name few. */
function indexesFor(
  name: string,
  { index }: LockedEntry,
  { meta: { sources = [] } }: PipenvLock,
): readonly string[] {
  const named = sources.filter((source) => source.name === index);
  if (index !== undefined && named.length === 0) {
    throw invalid(undefined, `${name} of the index "${index}", which is no source of the lock`);
  }
  const urls = (index === undefined ? sources : named).map(({ url }) =>
    withoutCredential(url).replace(/\/+$/, ""),
  );
  return urls.length === 0 ? [PYPI] : [...new Set(urls)];
}
