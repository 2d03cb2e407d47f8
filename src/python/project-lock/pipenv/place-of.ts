import { isArchive } from "../../requirements/requirement-line.ts";
import type { PylockPackage } from "../../uv/pylock.ts";
import { asGitUrl } from "../git-address.ts";
import { repositoryOf } from "../repository-of.ts";
import type { LockedEntry } from "./lock-file.ts";

/** Where an entry says itself that its package is; undefined for one of an index. */
export type Place =
  | { readonly kind: "whole"; readonly package: PylockPackage }
  /** A file whose digest is still to be found out: an address, or a path in the app. */
  | { readonly kind: "file"; readonly address: string; readonly isRemote: boolean };

export function placeOf(name: string, entry: LockedEntry): Place | undefined {
  const repository = repositoryOf(entry);
  const sub = entry.subdirectory === undefined ? {} : { subdirectory: entry.subdirectory };
  if (repository !== undefined) {
    const { url, ref } = splitRef(repository.address);
    const commit = entry.ref ?? ref ?? "";
    return whole({ name, vcs: { type: repository.type, url, "commit-id": commit, ...sub } });
  }
  const address = entry.file ?? entry.path;
  if (address === undefined) return undefined;
  const isRemote = /^https?:/i.test(address);
  if (isRemote || isArchive(address)) return { kind: "file", address, isRemote };
  return whole({ name, directory: { path: address, ...sub } });
}

function whole(item: PylockPackage): Place {
  return { kind: "whole", package: item };
}

/** "git+https://host/owner/name.git@main[extra]" or "git@host:owner/name.git". */
function splitRef(address: string): { readonly url: string; readonly ref: string | undefined } {
  const plain = address.replace(/^\w+\+/, "").replace(/#.*$|\[[^\]]*\]$/, "");
  const full = asGitUrl(plain);
  const [, url = full, ref] = /^(\w+:\/\/[^/]*\/[^@]*)@(.+)$/.exec(full) ?? [];
  return { url, ref };
}
