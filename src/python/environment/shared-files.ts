import { copyFile, readFile, rm } from "node:fs/promises";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { exists, makeDirectory } from "../../cnb/files.ts";
import type { Interpreter } from "../interpreter.ts";
import { ACCIDENTAL } from "./footprint.ts";
import { type Installed, isBytecode } from "./installed.ts";
import { pathInVenv, sitePackagesIn } from "./paths.ts";

/** A file that several distributions bring, which uv leaves to whichever is written last. */
export interface SharedFile {
  /** Relative to the venv. */
  readonly path: string;
  /** The one whose file counts last; each with the hash that its RECORD gives. */
  readonly owners: readonly { readonly name: string; readonly hash: string }[];
}

/**
 * Of several owners the heaviest counts, since one that replaces another usually adds to it
 * (opencv-contrib-python to opencv-python); of equally heavy ones, the last by name.
 */
export function findSharedFiles(
  installed: ReadonlyMap<string, Installed>,
  weights: ReadonlyMap<string, { readonly kilobytes: number }>,
  interpreter: Interpreter,
): readonly SharedFile[] {
  const owners = new Map<string, { name: string; hash: string }[]>();
  const weight = (name: string) => weights.get(name)?.kilobytes ?? 0;
  const names = [...installed.keys()].sort((a, b) => weight(a) - weight(b) || (a < b ? -1 : 1));
  for (const name of names) {
    for (const { path, hash } of installed.get(name)?.record ?? []) {
      if (isBytecode(path)) continue;
      const file = pathInVenv(path, interpreter);
      const known = owners.get(file);
      if (known === undefined) owners.set(file, [{ name, hash }]);
      else if (known.every((owner) => owner.name !== name)) known.push({ name, hash });
    }
  }
  return [...owners]
    .filter(([, { length }]) => length > 1)
    .map(([path, all]) => ({ path, owners: all }));
}

/** Distributions that overwrite each other's files in one layer, and whose files count. */
export interface Clash {
  readonly winner: string;
  readonly others: readonly string[];
  readonly files: readonly string[];
}

export function findClashes(
  shared: readonly SharedFile[],
  members: readonly string[],
  interpreter: Interpreter,
): readonly Clash[] {
  const clashes = new Map<string, { winner: string; others: string[]; files: string[] }>();
  for (const file of shared) {
    const owners = file.owners.filter(({ name }) => members.includes(name));
    const winner = owners.at(-1);
    const differs = owners.some(({ hash }) => hash !== winner?.hash);
    if (winner === undefined || !differs || isAccidental(file.path, interpreter)) continue;
    const names = owners.map(({ name }) => name);
    const key = names.join(" ");
    const clash = clashes.get(key) ?? {
      winner: winner.name,
      others: names.slice(0, -1),
      files: [],
    };
    clash.files.push(pathInSitePackages(file.path, interpreter));
    clashes.set(key, clash);
  }
  return [...clashes.values()];
}

/**
 * Gives a layer its own copy of each file that its distributions share with others, with the
 * content that the layer would have without those others. `placeOf` tells where a layer keeps a
 * file; `installAlone` gives a venv in which only one distribution is.
 */
export async function settleSharedFiles(
  shared: readonly SharedFile[],
  members: readonly string[],
  placeOf: (path: string) => string,
  otherPlaces: (path: string) => readonly string[],
  installAlone: (name: string) => Promise<string>,
): Promise<void> {
  for (const file of shared) {
    const winner = winnerAmong(file, members);
    if (winner === undefined) continue;
    const place = placeOf(file.path);
    if (await hasHash(place, winner.hash)) continue;
    const source =
      (await firstWithHash(otherPlaces(file.path), winner.hash)) ??
      join(await installAlone(winner.name), file.path);
    // Removed first, since the file is a hard link into uv's cache.
    await rm(place, { force: true });
    await makeDirectory(dirname(place));
    await copyFile(source, place);
  }
}

/** The owner whose file counts among some distributions. */
function winnerAmong(
  { owners }: SharedFile,
  members: readonly string[],
): { readonly name: string; readonly hash: string } | undefined {
  return owners.findLast(({ name }) => members.includes(name));
}

function isAccidental(path: string, interpreter: Interpreter): boolean {
  return ACCIDENTAL.has(pathInSitePackages(path, interpreter).split("/")[0] ?? "");
}

function pathInSitePackages(path: string, interpreter: Interpreter): string {
  const site = `${sitePackagesIn(interpreter)}/`;
  return path.startsWith(site) ? path.slice(site.length) : path;
}

async function firstWithHash(paths: readonly string[], hash: string): Promise<string | undefined> {
  for (const path of paths) {
    if (await hasHash(path, hash)) return path;
  }
  return undefined;
}

/** RECORD's form of a hash: "sha256=" and base64 for URLs without padding. */
async function hasHash(path: string, recorded: string): Promise<boolean> {
  const [algorithm = "", expected = ""] = recorded.split("=");
  if (expected === "" || !(await exists(path))) return false;
  return (
    createHash(algorithm)
      .update(await readFile(path))
      .digest("base64url") === expected
  );
}
