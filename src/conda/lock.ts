import * as z from "zod/mini";
import { compareTexts } from "../kit/text.ts";

/**
 * The packages of an environment, each pinned to one file: what a solve gives and what explicit
 * files hold. No URL in it has a credential. Sorted by name.
 */
export type CondaLock = readonly CondaPackage[];

/**
 * One file of a channel. Its name is `name-version-build` and `.conda` or `.tar.bz2`.
 * https://github.com/conda/ceps/blob/main/cep-0026.md
 */
export interface CondaPackage {
  readonly name: string;
  readonly version: string;
  readonly build: string;
  /** The channel's URL, without an ending slash: "https://conda.anaconda.org/conda-forge". */
  readonly channel: string;
  /** "linux-64", "linux-aarch64" or "noarch". */
  readonly subdir: string;
  readonly file: string;
  readonly digest: Digest;
}

/** Older channels and explicit files know MD5 alone. */
export type Digest = { readonly sha256: string } | { readonly md5: string };

/** Where the package is downloaded from. */
export function urlOf({ channel, subdir, file }: CondaPackage): string {
  return `${channel}/${subdir}/${file}`;
}

/** The package that a URL of a channel names; undefined where it names none. */
export function packageAt(url: string, digest: Digest): CondaPackage | undefined {
  const match = /^(.+)\/([a-z0-9]+(?:-[a-z0-9_]+)?)\/([^/]+)$/.exec(url);
  if (match === null) return undefined;
  const [, channel = "", subdir = "", file = ""] = match;
  const parts = /^(.+)-([^-]+)-([^-]+)(?:\.conda|\.tar\.bz2)$/.exec(file);
  if (parts === null) return undefined;
  const [, name = "", version = "", build = ""] = parts;
  return { name, version, build, channel, subdir, file, digest };
}

/** The Python of an environment. */
export interface LockedPython {
  /** "3.12.4" */
  readonly version: string;
  /** "3.12" */
  readonly minor: string;
  /** What directories of packages are named by: "3.12", and "3.13t" without the GIL. */
  readonly tag: string;
}

export function pythonIn(lock: CondaLock): LockedPython | undefined {
  const python = lock.find(({ name }) => name === "python");
  if (python === undefined) return undefined;
  const { version } = python;
  const minor = version.split(".").slice(0, 2).join(".");
  return { version, minor, tag: isFreeThreaded(lock) ? `${minor}t` : minor };
}

/** conda-forge's build strings end in the ABI: https://conda-forge.org/docs/maintainer/knowledge_base/#python */
function isFreeThreaded(lock: CondaLock): boolean {
  return lock.some(
    ({ name, build }) =>
      name === "python-freethreading" ||
      ((name === "python" || name === "python_abi") && /_cp\d+t$/.test(build)),
  );
}

/** Sorted by name, as locks are compared and written. */
export function sortPackages(packages: CondaLock): CondaLock {
  return [...packages].sort((a, b) => compareTexts(a.name, b.name));
}

/**
 * The form in layer metadata, about 110 bytes a package: digests by file, by the directory of the
 * channel. What ends in one label of the image is kept small.
 */
export const lockTableSchema = z.record(z.string(), z.record(z.string(), z.string()));

export type LockTable = z.infer<typeof lockTableSchema>;

export function formatLock(lock: CondaLock): LockTable {
  const table: LockTable = {};
  for (const each of sortPackages(lock)) {
    const { channel, subdir, file, digest } = each;
    const directory = (table[`${channel}/${subdir}`] ??= {});
    directory[file] = "sha256" in digest ? digest.sha256 : `md5:${digest.md5}`;
  }
  return table;
}

/** Undefined where an entry is not of the form. */
export function parseLock(table: LockTable): CondaLock | undefined {
  const packages = Object.entries(table).flatMap(([directory, files]) =>
    Object.entries(files).map(([file, digest]) =>
      packageAt(
        `${directory}/${file}`,
        digest.startsWith("md5:") ? { md5: digest.slice(4) } : { sha256: digest },
      ),
    ),
  );
  const known = packages.filter((one) => one !== undefined);
  return known.length === packages.length ? sortPackages(known) : undefined;
}
