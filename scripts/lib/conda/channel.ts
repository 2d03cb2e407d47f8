import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../../src/kit/hash.ts";
import { makeTemporaryFolder } from "../temporary-folder.ts";
import { bzip2 } from "./bzip2.ts";
import { readEntries, type TreeEntry } from "./tree.ts";
import { tar, type TarEntry } from "./tar.ts";
import { zip } from "./zip.ts";
import { storeAsZstd } from "./zstd.ts";

/** What conda-build compiles into packages in place of the prefix: 255 characters. */
export const PLACEHOLDER = "/opt/build/_h_env".padEnd(255, "_placehold");

/** A package to make: fields of its info/index.json, and files by their path in the prefix. */
export interface MadeCondaPackage {
  readonly name: string;
  readonly version?: string;
  readonly build?: string;
  readonly buildNumber?: number;
  /** "linux-64"; "noarch" where `noarch` is given. */
  readonly subdir?: string;
  readonly depends?: readonly string[];
  readonly constrains?: readonly string[];
  /** "python" packages have `site-packages/…` and `python-scripts/…`. */
  readonly noarch?: "python" | "generic";
  /** Of a noarch Python package: "cmd = pkg.mod:func". */
  readonly entryPoints?: readonly string[];
  readonly license?: string;
  readonly files?: { readonly [path: string]: string | Uint8Array | MadeFile };
  /** A directory whose content are files of the package, too. */
  readonly tree?: string;
  /** Where it isn't {@link PLACEHOLDER} that files have. */
  readonly placeholder?: string;
  /** More fields of info/index.json. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** More fields of info/about.json. */
  readonly about?: Readonly<Record<string, unknown>>;
  /** Other files of `info`. */
  readonly info?: { readonly [path: string]: string };
  readonly archive?: ".conda" | ".tar.bz2";
  /** Has info/has_prefix and info/no_link in place of info/paths.json, as before 2017. */
  readonly isOld?: boolean;
}

/** One that has the placeholder in it is listed with it, as text where no byte of it is 0. */
export type MadeFile =
  | {
      readonly content: string | Uint8Array;
      /** 0o755 for what is in bin and python-scripts, and 0o644 for others. */
      readonly mode?: number;
      /** Where the bytes don't tell. */
      readonly fileMode?: "text" | "binary";
      readonly noLink?: boolean;
    }
  | { readonly linkTo: string }
  | { readonly directory: true };

/** A record of a channel's index. */
export type CondaRecord = Readonly<Record<string, unknown>> & {
  readonly sha256: string;
  readonly md5: string;
};

export interface PublishedCondaPackage {
  readonly subdir: string;
  readonly file: string;
  readonly record: CondaRecord;
}

/** Makes a channel with packages; gives its folder, which is gone when the command ends unless it is given. */
export async function makeChannel(
  packages: readonly MadeCondaPackage[],
  folder?: string,
): Promise<string> {
  const channel = folder ?? (await makeTemporaryFolder());
  await editRepodata(channel, "noarch", (index) => index);
  await editRepodata(channel, "linux-64", (index) => index);
  for (const one of packages) await publishCondaPackage(channel, one);
  return channel;
}

/** Writes a package into a channel and lists it there. */
export async function publishCondaPackage(
  channel: string,
  made: MadeCondaPackage,
): Promise<PublishedCondaPackage> {
  const { subdir, file, index, bytes } = await makeCondaPackage(made);
  await mkdir(join(channel, subdir), { recursive: true });
  await writeFile(join(channel, subdir, file), bytes);
  const record = {
    ...index,
    ...{ sha256: sha256(bytes), md5: createHash("md5").update(bytes).digest("hex") },
    size: bytes.length,
  };
  const key = file.endsWith(".conda") ? "packages.conda" : "packages";
  await editRepodata(channel, subdir, (repodata) => ({
    ...repodata,
    [key]: { ...repodata[key], [file]: record },
  }));
  return { subdir, file, record };
}

/** https://github.com/conda/ceps/blob/main/cep-0036.md */
export interface Repodata {
  readonly info: Readonly<Record<string, unknown>>;
  readonly packages: Readonly<Record<string, CondaRecord>>;
  readonly "packages.conda": Readonly<Record<string, CondaRecord>>;
}

/** Changes the index of a subdir, of which there are a plain form and one for zstd. */
export async function editRepodata(
  channel: string,
  subdir: string,
  edit: (repodata: Repodata) => Repodata,
): Promise<void> {
  const path = join(channel, subdir, "repodata.json");
  const text = await readFile(path, "utf8").catch(() => undefined);
  const empty = { info: { subdir }, packages: {}, "packages.conda": {}, repodata_version: 1 };
  const edited = JSON.stringify(edit(text === undefined ? empty : (JSON.parse(text) as Repodata)));
  await mkdir(join(channel, subdir), { recursive: true });
  await writeFile(path, edited);
  await writeFile(`${path}.zst`, storeAsZstd(Buffer.from(edited)));
}

/** The bytes of a package: https://github.com/conda/ceps/blob/main/cep-0035.md */
async function makeCondaPackage(made: MadeCondaPackage): Promise<{
  readonly subdir: string;
  readonly file: string;
  readonly index: object;
  readonly bytes: Uint8Array;
}> {
  const { name, version = "1.0", build = "0", buildNumber = 0, archive = ".conda" } = made;
  const { noarch, subdir = noarch === undefined ? "linux-64" : "noarch" } = made;
  const index = {
    ...{ name, version, build, build_number: buildNumber, subdir },
    ...{ depends: made.depends ?? [], constrains: made.constrains ?? [] },
    ...(noarch === undefined ? {} : { noarch }),
    ...{ license: made.license ?? "MIT", timestamp: 1_700_000_000_000 },
    ...made.extra,
  };
  const entries = await readEntries(made);
  const info = textEntries({
    "info/index.json": JSON.stringify(index),
    "info/about.json": JSON.stringify({ license: made.license ?? "MIT", ...made.about }),
    "info/licenses/LICENSE": `The licence of ${name}: ${made.license ?? "MIT"}\n`,
    "info/files": entries.map(({ path }) => `${path}\n`).join(""),
    ...(made.isOld === true
      ? oldPaths(entries, made)
      : { "info/paths.json": paths(entries, made) }),
    ...(noarch === undefined ? {} : { "info/link.json": link(noarch, made.entryPoints) }),
    ...made.info,
  });
  const stem = `${name}-${version}-${build}`;
  const bytes =
    archive === ".tar.bz2"
      ? bzip2(tar([...info, ...entries]))
      : zip({
          "metadata.json": Buffer.from('{"conda_pkg_format_version": 2}'),
          [`info-${stem}.tar.zst`]: storeAsZstd(tar(info)),
          [`pkg-${stem}.tar.zst`]: storeAsZstd(tar(entries)),
        });
  return { subdir, file: `${stem}${archive}`, index, bytes };
}

/** https://github.com/conda/ceps/blob/main/cep-0034.md */
function paths(entries: readonly TreeEntry[], made: MadeCondaPackage): string {
  const listed = entries.map((entry) => {
    const { path, noLink } = entry;
    const common = { _path: path, ...(noLink === true ? { no_link: true } : {}) };
    if ("directory" in entry) return { ...common, path_type: "directory" };
    if ("linkTo" in entry) return { ...common, path_type: "softlink" };
    const mode = fileModeOf(entry, made);
    return {
      ...{ ...common, path_type: "hardlink" },
      ...{ sha256: sha256(entry.content), size_in_bytes: entry.content.length },
      ...(mode === undefined ? {} : { prefix_placeholder: placeholderOf(made), file_mode: mode }),
    };
  });
  return JSON.stringify({ paths_version: 1, paths: listed });
}

function oldPaths(
  entries: readonly TreeEntry[],
  made: MadeCondaPackage,
): Readonly<Record<string, string>> {
  const patched = entries.flatMap((entry) => {
    const mode = fileModeOf(entry, made);
    return mode === undefined ? [] : `${placeholderOf(made)} ${mode} ${entry.path}\n`;
  });
  const notLinked = entries.flatMap(({ path, noLink }) => (noLink === true ? `${path}\n` : []));
  return {
    ...(patched.length > 0 ? { "info/has_prefix": patched.join("") } : {}),
    ...(notLinked.length > 0 ? { "info/no_link": notLinked.join("") } : {}),
  };
}

function fileModeOf(entry: TreeEntry, made: MadeCondaPackage): "text" | "binary" | undefined {
  if (!("content" in entry)) return undefined;
  const { path, content, fileMode } = entry;
  // As conda-build: what is padded in bytecode can't be loaded.
  if (path.endsWith(".pyc")) return undefined;
  if (!Buffer.from(content).includes(placeholderOf(made))) return undefined;
  return fileMode ?? (content.includes(0) ? "binary" : "text");
}

function placeholderOf({ placeholder }: MadeCondaPackage): string {
  return placeholder ?? PLACEHOLDER;
}

function link(noarch: "python" | "generic", entryPoints: readonly string[] | undefined): string {
  const points = entryPoints === undefined ? {} : { entry_points: entryPoints };
  return JSON.stringify({ package_metadata_version: 1, noarch: { type: noarch, ...points } });
}

function textEntries(files: { readonly [path: string]: string }): readonly TarEntry[] {
  return Object.entries(files).map(([path, text]) => ({
    ...{ path, content: Buffer.from(text), mode: 0o644 },
  }));
}
