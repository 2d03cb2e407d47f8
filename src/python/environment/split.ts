import { sha256 } from "../../kit/hash.ts";
import { compareTexts } from "../../kit/text.ts";
import { type Footprint, NVIDIA, VENV_LIBRARIES } from "./footprint.ts";
import { ENVIRONMENT_LAYER } from "./paths.ts";

/** Heavier than this, in kilobytes of 1000 bytes, and a group has a layer of its own. */
export const HEAVY = 10_000;

/** Where BP_HEAVY_LAYERS is not set. */
export const MOST_HEAVY_LAYERS = 40;

/**
 * Light packages that are nothing but modules are spread over these: to add one or upgrade one makes
 * the layer of a few others anew, and not that of all.
 */
export const LIGHT_LAYERS: readonly string[] = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `light-${n}`);

/** The light layer of a distribution, alone or the first of those that belong together. */
export function lightLayerOf(name: string): string {
  const index = Number.parseInt(sha256(name).slice(0, 8), 16) % LIGHT_LAYERS.length;
  return LIGHT_LAYERS[index] ?? ENVIRONMENT_LAYER;
}

/** Where a package will most likely be of which nothing but the name is known: most are light. */
export function likelyLayerOf(name: string, mostHeavyLayers: number): string {
  return mostHeavyLayers === 0 ? ENVIRONMENT_LAYER : lightLayerOf(name);
}

/** Whether a layer is the environment's own, or has light packages: heavy ones are named after what they hold. */
export function isLight(layer: string): boolean {
  return layer === ENVIRONMENT_LAYER || LIGHT_LAYERS.includes(layer);
}

/** The distributions of each layer, sorted, by the layer's name; the environment's among them. */
export type Split = ReadonlyMap<string, readonly string[]>;

/**
 * Which distributions go into which layer. It depends on nothing but its arguments, never on what
 * an earlier build did: equal locks give equal layers.
 */
export function splitByWeight(
  footprints: ReadonlyMap<string, Footprint>,
  mostHeavyLayers: number,
): Split {
  const hasLibrariesOutside = [...footprints.values()].some(({ outside }) =>
    outside.some((path) => path.startsWith("lib/")),
  );
  const groups = groupTogether(footprints).map((members) => ({
    members,
    name: nameOf(members, footprints),
    isApart: members.some((member) => footprints.get(member)?.apart === true),
    kilobytes: members.reduce((sum, member) => sum + (footprints.get(member)?.kilobytes ?? 0), 0),
    staysInVenv: members.some((member) => {
      const { startup, siblings } = footprints.get(member) ?? {};
      // Python reads .pth files only in directories that `site` knows, not in those that a .pth
      // adds; and no link can stand where a library in a layer of its own would look for the venv.
      return startup || (hasLibrariesOutside && siblings?.includes(VENV_LIBRARIES));
    }),
  }));
  const heavy = groups
    .filter(({ kilobytes, isApart, staysInVenv }) => (kilobytes > HEAVY || isApart) && !staysInVenv)
    .sort((a, b) => b.kilobytes - a.kilobytes || compareTexts(a.name, b.name))
    .slice(0, mostHeavyLayers)
    .sort((a, b) => compareTexts(a.name, b.name));
  const split = new Map<string, readonly string[]>([[ENVIRONMENT_LAYER, []]]);
  for (const { name, members } of heavy) split.set(name, members);
  for (const group of groups.filter((one) => !heavy.includes(one))) {
    const { name, members } = group;
    // NVIDIA's libraries are looked for in the environment.
    const stays =
      mostHeavyLayers === 0 ||
      name === NVIDIA ||
      !members.every((member) => isModulesOnly(footprints.get(member)));
    const layer = stays ? ENVIRONMENT_LAYER : lightLayerOf(members[0] ?? "");
    split.set(layer, [...(split.get(layer) ?? []), ...members].sort());
  }
  return split;
}

/**
 * Whether nothing of it has to be in the environment itself: programs are found there without the
 * launcher, too; start-up files (.pth) are read there alone; and a library that looks for others by a
 * relative path finds them only where it was installed.
 */
function isModulesOnly(footprint: Footprint | undefined): boolean {
  return (
    footprint !== undefined &&
    !footprint.startup &&
    footprint.outside.length === 0 &&
    footprint.siblings.length === 0
  );
}

/** True where the regular package or module `owner` contains `path`, or is it. */
export function covers(owner: string, path: string): boolean {
  if (owner.endsWith("/")) return false;
  return path === owner || path.startsWith(`${owner}/`);
}

function groupTogether(footprints: ReadonlyMap<string, Footprint>): readonly (readonly string[])[] {
  const names = [...footprints.keys()].sort();
  const parent = new Map(names.map((name) => [name, name]));
  const root = (name: string): string => {
    const above = parent.get(name) ?? name;
    return above === name ? name : root(above);
  };
  const join = (a: string, b: string) => parent.set(root(a), root(b));

  // A regular package is found in one place only, and hides the parts of it that others add.
  const owners = new Map<string, string>();
  for (const [name, { packages, outside }] of footprints) {
    for (const path of [...packages.filter((one) => !one.endsWith("/")), ...outside.map(inVenv)]) {
      const owner = owners.get(path);
      if (owner === undefined) owners.set(path, name);
      else join(owner, name);
    }
  }
  let nvidia: string | undefined;
  for (const [name, { packages, outside }] of footprints) {
    for (const path of [...packages, ...outside.map(inVenv)]) {
      for (const above of aboveOf(path)) {
        const owner = owners.get(above);
        if (owner !== undefined) join(owner, name);
      }
      // They find each other with relative paths, and change together.
      if (isUnderNvidia(path)) {
        if (nvidia !== undefined) join(nvidia, name);
        nvidia = name;
      }
    }
  }
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const key = root(name);
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups.values()];
}

/** Apart from paths in site-packages. A link can't stand inside what another link leads to. */
function inVenv(path: string): string {
  return `venv:${path}`;
}

/** "google/cloud/storage" → "google", "google/cloud". */
function aboveOf(path: string): readonly string[] {
  const names = path.split("/");
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join("/"));
}

const TAKEN = new Set([
  "build",
  "driver-check",
  "environment",
  "handover",
  "launch",
  ...LIGHT_LAYERS,
  NVIDIA,
  "sbom",
  "store",
  "wheels",
]);

function nameOf(members: readonly string[], footprints: ReadonlyMap<string, Footprint>): string {
  const packages = members.flatMap((member) => footprints.get(member)?.packages ?? []);
  if (packages.some(isUnderNvidia)) return NVIDIA;
  const weight = (member: string) => footprints.get(member)?.kilobytes ?? 0;
  const [heaviest = ""] = [...members].sort((a, b) => weight(b) - weight(a) || compareTexts(a, b));
  return TAKEN.has(heaviest) ? `${heaviest}-package` : heaviest;
}

/** Some of its wheels make `nvidia` a regular package, others a namespace. */
function isUnderNvidia(path: string): boolean {
  return path === NVIDIA || path.startsWith(`${NVIDIA}/`);
}
