import { copyFile, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Env } from "../../cnb/env.ts";
import { secretsOf } from "../../kit/credentials.ts";
import { sha256OfFile } from "../../kit/hash.ts";
import { download, type DownloadOutcome } from "../../kit/download.ts";
import type { Log } from "../../kit/log.ts";
import { DebianError } from "../complaint.ts";
import type { DebianLock, DebianPackage } from "../lock.ts";
import type { Requests } from "../requests/requests.ts";
import { findElsewhere } from "./elsewhere.ts";
import { complaintOf } from "./obtain-debs.ts";

export interface FetchOptions {
  readonly appDir: string;
  /** Where the .debs go; made if it is not there. */
  readonly directory: string;
  readonly workDir: string;
  readonly credentials: Requests["credentials"];
  readonly env: Env;
  readonly log: Log;
}

/** `<name>_<arch>.deb`, whatever the version. */
function debFileName({ name, arch }: Pick<DebianPackage, "name" | "arch">): string {
  return `${name}_${arch}.deb`;
}

/**
 * Fetches the files of locked packages, each judged by its digest, which the archive's signature
 * stood for when the lock was made. Gives the paths. Throws a {@link DebianError}.
 */
export async function fetchPackages(
  packages: DebianLock,
  options: FetchOptions,
): Promise<ReadonlyMap<DebianPackage, string>> {
  const { directory, workDir, appDir, credentials, log } = options;
  for (const secret of credentials.flatMap(secretsOf)) log.hide(secret);
  await mkdir(directory, { recursive: true });
  await mkdir(workDir, { recursive: true });
  const files = new Map(packages.map((item) => [item, join(directory, debFileName(item))]));
  const isLocal = ({ url }: DebianPackage) => url.startsWith("./");
  for (const item of packages.filter(isLocal)) {
    await copyLocal(item, join(appDir, item.url), files.get(item) ?? "");
  }
  await fetchAll(
    packages.filter((item) => !isLocal(item)).map((item) => ({ item, url: item.url })),
    files,
    options,
  );
  return files;
}

interface Wanted {
  readonly item: DebianPackage;
  readonly url: string;
}

async function fetchAll(
  wanted: readonly Wanted[],
  files: ReadonlyMap<DebianPackage, string>,
  options: FetchOptions,
): Promise<void> {
  const failed = await attempt(wanted, files, options);
  if (failed.length === 0) return;
  for (const { outcome } of failed) {
    // A server that does not answer says nothing of what it has.
    const isGone = outcome.status >= 400 && outcome.status < 500;
    const isDenied = [401, 403].includes(outcome.status);
    if (isDenied || (outcome.found === undefined && !isGone))
      throw new DebianError(complaintOf(outcome, options.credentials));
  }
  const elsewhere = await findElsewhere(
    failed.map(({ wanted: { item } }) => item),
    options,
  );
  const again = failed.flatMap(({ wanted: { item } }) => {
    const url = elsewhere.get(item);
    return url === undefined ? [] : [{ item, url }];
  });
  const still = await attempt(again, files, options);
  const lost = failed.filter(
    ({ wanted: { item } }) => !elsewhere.has(item) || still.some((one) => one.wanted.item === item),
  );
  if (lost.length === 0) return;
  const wrong = lost.find(({ outcome }) => outcome.found !== undefined);
  if (wrong !== undefined) {
    const { item } = wrong.wanted;
    throw new DebianError({
      kind: "checksum",
      name: item.name,
      url: item.url,
      expected: item.sha256,
      found: wrong.outcome.found ?? "",
      origin: undefined,
    });
  }
  throw new DebianError({ kind: "gone", packages: lost.map(({ wanted: { item } }) => item) });
}

interface Attempt {
  readonly wanted: Wanted;
  readonly outcome: DownloadOutcome & { readonly found?: string };
}

/** Gives those that did not succeed; of a file with another digest, that digest. */
async function attempt(
  wanted: readonly Wanted[],
  files: ReadonlyMap<DebianPackage, string>,
  options: FetchOptions,
): Promise<readonly Attempt[]> {
  const byUrl = new Map(wanted.map((one) => [one.url, one]));
  const outcomes = await download(
    wanted.map(({ item, url }) => ({ url, file: `${files.get(item)}.partial` })),
    options,
  );
  const failed: Attempt[] = [];
  for (const outcome of outcomes) {
    const one = byUrl.get(outcome.url);
    if (one === undefined) continue;
    if (outcome.status >= 400 || outcome.error !== "") {
      failed.push({ wanted: one, outcome });
      continue;
    }
    const found = await sha256OfFile(outcome.file);
    if (found === one.item.sha256) {
      await rename(outcome.file, files.get(one.item) ?? "");
    } else {
      await rm(outcome.file);
      failed.push({ wanted: one, outcome: { ...outcome, found } });
    }
  }
  return failed;
}

async function copyLocal(item: DebianPackage, from: string, to: string): Promise<void> {
  const found = await sha256OfFile(from).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (found === undefined) throw new DebianError({ kind: "gone", packages: [item] });
  if (found !== item.sha256) {
    throw new DebianError({
      kind: "checksum",
      name: item.name,
      url: item.url,
      expected: item.sha256,
      found,
      origin: undefined,
    });
  }
  await copyFile(from, to);
}
