import type { DebianPackage } from "../lock.ts";
import type { PackageIndex } from "../package-index.ts";
import { isShared } from "./shared-directories.ts";

/** More bytes of files than this, and a group has a layer of its own. */
const HEAVY = 10_000_000;

/** So that an app's other layers stay below what registries and engines allow: 127 in all. */
const MOST_LAYERS = 20;

export interface HeavyGroup {
  /** For a layer: the heaviest package's name in letters that layers' names may have. */
  readonly name: string;
  /** Sorted. */
  readonly packages: readonly string[];
  readonly bytes: number;
}

/**
 * Which packages get a layer of their own, sorted by name. Packages that share a private directory
 * stay together, since their programs look for each other from their real places. It depends on
 * nothing but its arguments, never on what an earlier build did.
 */
export function heavyGroups(
  packages: readonly Pick<DebianPackage, "name">[],
  indexes: readonly PackageIndex[],
): readonly HeavyGroup[] {
  const wanted = new Set(packages.map(({ name }) => name));
  const members = indexes.filter(({ name }) => wanted.has(name));
  const weights = new Map(members.map((index) => [index.name, bytesOf(index)]));
  const weight = (name: string) => weights.get(name) ?? 0;
  return groupByDirectories(members)
    .map((names) => {
      const heaviest = names.toSorted((a, b) => weight(b) - weight(a) || compare(a, b))[0] ?? "";
      const bytes = names.reduce((sum, name) => sum + weight(name), 0);
      return { name: layerName(heaviest), packages: names, bytes };
    })
    .filter(({ bytes }) => bytes > HEAVY)
    .sort((a, b) => b.bytes - a.bytes || compare(a.name, b.name))
    .slice(0, MOST_LAYERS)
    .sort((a, b) => compare(a.name, b.name));
}

function bytesOf({ entries }: PackageIndex): number {
  return entries.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.size : 0), 0);
}

function groupByDirectories(indexes: readonly PackageIndex[]): readonly (readonly string[])[] {
  const names = indexes.map(({ name }) => name).sort(compare);
  const parent = new Map(names.map((name) => [name, name]));
  const root = (name: string): string => {
    const above = parent.get(name) ?? name;
    return above === name ? name : root(above);
  };
  const firstOwner = new Map<string, string>();
  for (const { name, entries } of indexes) {
    const directories = new Set(
      entries.flatMap(({ kind, path }) => (kind === "file" ? privateDirectory(path) : [])),
    );
    for (const directory of directories) {
      const owner = firstOwner.get(directory);
      if (owner === undefined) firstOwner.set(directory, name);
      else parent.set(root(owner), root(name));
    }
  }
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const key = root(name);
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups.values()];
}

/** "usr/lib/libreoffice" of a file in it; none of a file among those of all packages. */
function privateDirectory(path: string): readonly string[] {
  const names = path.split("/");
  // The last name is the file's own.
  for (let length = 2; length < names.length; length++) {
    const directory = names.slice(0, length).join("/");
    if (!isShared(directory)) return [directory];
  }
  return [];
}

/** Layers' names have no dots and plus signs, and these are taken. */
function layerName(name: string): string {
  const plain = name.replaceAll("+", "p").replaceAll(".", "_");
  return TAKEN.test(plain) ? `${plain}-package` : plain;
}

const TAKEN = /^(build|development|index|launch|packages(-\d+)?|root|sbom|store)$/;

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
