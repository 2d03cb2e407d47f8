import { compareTexts } from "../../kit/text.ts";
import type { PackageIndex } from "../package-index.ts";
import { isShared } from "./shared-directories.ts";

/** More bytes of files than this, and a group has a layer of its own. */
const HEAVY = 10_000_000;

/**
 * Of each kind, so that an app's other layers stay below what registries and engines allow: 127 in
 * all.
 */
const MOST_LAYERS = 20;

/** A package, and the request that brings it. */
export interface Requested {
  readonly index: PackageIndex;
  readonly request: string;
}

/** Packages whose files are in one layer. */
export interface LayerGroup {
  /** The layer's. */
  readonly name: string;
  /** Sorted by name. */
  readonly members: readonly PackageIndex[];
}

/**
 * Which packages share a layer: heavy ones have layers of their own, and the others that of the
 * request that brings them, so that a further request leaves the layers of those before it as they
 * are. It depends on nothing but its argument, which is in the requests' order, and never on what
 * an earlier build did. Sorted by name.
 */
export function groupForLayers(packages: readonly Requested[]): readonly LayerGroup[] {
  const indexes = packages.map(({ index }) => index);
  const groups = groupByDirectories(indexes).map((names) => ({
    names,
    bytes: weigh(names, indexes),
  }));
  const heavy = new Set(
    groups
      .filter(({ bytes }) => bytes > HEAVY)
      .sort(
        (a, b) =>
          b.bytes - a.bytes || compareTexts(heaviest(a.names, indexes), heaviest(b.names, indexes)),
      )
      .slice(0, MOST_LAYERS),
  );
  const requests = [...new Set(packages.map(({ request }) => request))];
  const own = new Set(requests.slice(0, MOST_LAYERS - 1));
  const layerOf = (group: (typeof groups)[number]) => {
    if (heavy.has(group)) return `heavy-${plain(heaviest(group.names, indexes))}`;
    const request = firstRequest(group.names, packages);
    return own.has(request) ? `for-${plain(request)}` : "packages";
  };
  const layers = new Map<string, PackageIndex[]>();
  for (const group of groups) {
    const name = layerOf(group);
    const members = indexes.filter((index) => group.names.includes(index.name));
    layers.set(name, [...(layers.get(name) ?? []), ...members]);
  }
  return [...layers]
    .map(([name, members]) => ({
      name,
      members: members.sort((a, b) => compareTexts(a.name, b.name)),
    }))
    .sort((a, b) => compareTexts(a.name, b.name));
}

function weigh(names: readonly string[], indexes: readonly PackageIndex[]): number {
  const members = indexes.filter(({ name }) => names.includes(name));
  return members.reduce((sum, index) => sum + bytesOf(index), 0);
}

function heaviest(names: readonly string[], indexes: readonly PackageIndex[]): string {
  const members = indexes.filter(({ name }) => names.includes(name));
  const [first] = members.sort((a, b) => bytesOf(b) - bytesOf(a) || compareTexts(a.name, b.name));
  return first?.name ?? "";
}

function bytesOf({ entries }: PackageIndex): number {
  return entries.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.size : 0), 0);
}

function firstRequest(names: readonly string[], packages: readonly Requested[]): string {
  return packages.find(({ index }) => names.includes(index.name))?.request ?? "";
}

/** Packages that share a private directory stay together: programs look for it from their places. */
function groupByDirectories(indexes: readonly PackageIndex[]): readonly (readonly string[])[] {
  const names = indexes.map(({ name }) => name).sort(compareTexts);
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

/** Layers' names have no dots and plus signs. */
function plain(name: string): string {
  return name.replaceAll("+", "p").replaceAll(".", "_");
}
