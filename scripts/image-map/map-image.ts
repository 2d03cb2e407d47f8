import { compareTexts } from "../../src/kit/text.ts";
import type { ReadImage, StoredImage } from "./image.ts";
import { readInstalledPackages } from "./installed-packages.ts";
import { type LayerRole, rolesOf } from "./layer-roles.ts";
import type { Owner } from "./owner.ts";
import { ownersOf } from "./owners.ts";
import type { LayerFile } from "./scan-layer.ts";

/** An image by layer and package. Sizes are in bytes. */
export interface ImageMap {
  readonly name: string;
  /** From the lowest to the highest. */
  readonly layers: readonly MappedLayer[];
}

export interface MappedLayer extends LayerRole, Sized {
  /** The names of other images that have the very same layer. */
  readonly sharedWith: readonly string[];
  /** By size, largest first. */
  readonly parts: readonly LayerPart[];
}

/** What one owner has in one layer. */
export interface LayerPart extends Sized {
  readonly owner: Owner;
  /** What must be pushed when it changes. */
  readonly pushes: number;
}

interface Sized {
  readonly files: number;
  /** Of the files' contents, in the layer's archive uncompressed. */
  readonly unpacked: number;
  /**
   * As the registry stores it; undefined where the image is not stored so. A part has the share of
   * its layer's that it has of its layer's contents: nothing says how well single files compress.
   */
  readonly compressed: number | undefined;
}

/** `others`: the images to compare with. */
export function mapImage(image: ReadImage, others: readonly StoredImage[] = []): ImageMap {
  const roles = rolesOf(image, others);
  const records = new Map(image.contents.flatMap((contents) => [...contents.records]));
  const files = image.contents.map((contents) => contents.files);
  const findOwners = ownersOf(readInstalledPackages(records), files);
  const weighed = image.layers.map((layer, index) => {
    const role = roles[index] ?? UNKNOWN;
    const own = files[index] ?? [];
    const parts = weighParts(own, findOwners(role, own), layer.compressed);
    const sharedWith = others
      .filter((other) => other.layers.some(({ diffId }) => diffId === layer.diffId))
      .map((other) => other.name);
    const unpacked = total(parts.map((part) => part.unpacked));
    return {
      ...role,
      files: own.length,
      unpacked,
      compressed: layer.compressed,
      sharedWith,
      parts,
    };
  });
  const pushes = costsOfChanges(weighed);
  return {
    name: image.name,
    layers: weighed.map((layer, index) => ({
      ...layer,
      parts: layer.parts.map((part) => ({ ...part, pushes: pushes(part.owner, index) })),
    })),
  };
}

/** Compressed where that is known. */
export function weightOf({ compressed, unpacked }: Pick<Sized, "compressed" | "unpacked">): number {
  return compressed ?? unpacked;
}

export function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}

/**
 * The layers that change when those of `changed` do: these, and every RUN of a Dockerfile above the
 * lowest of them, which runs again. COPY gives the same bytes again; so do buildpacks.
 */
export function layersThatFollow<L extends Pick<LayerRole, "runs">>(
  layers: readonly L[],
  changed: ReadonlySet<number>,
): readonly L[] {
  const lowest = Math.min(...changed);
  return layers.filter((layer, index) => changed.has(index) || (index > lowest && layer.runs));
}

const UNKNOWN: LayerRole = { name: "", part: "step", runs: false, packages: [] };

type WeighedLayer = Omit<MappedLayer, "parts"> & {
  readonly parts: readonly Omit<LayerPart, "pushes">[];
};

function weighParts(
  files: readonly LayerFile[],
  findOwner: (file: LayerFile) => Owner,
  compressed: number | undefined,
): WeighedLayer["parts"] {
  const parts = new Map<string, { owner: Owner; files: number; unpacked: number }>();
  for (const file of files) {
    const owner = findOwner(file);
    const part = parts.get(keyOf(owner)) ?? { owner, files: 0, unpacked: 0 };
    part.files += 1;
    part.unpacked += file.size;
    parts.set(keyOf(owner), part);
  }
  const sum = total([...parts.values()].map(({ unpacked }) => unpacked));
  // Links alone have no contents to go by.
  const share = (unpacked: number) => (sum === 0 ? 1 / parts.size : unpacked / sum);
  return [...parts.values()]
    .map((part) => ({
      ...part,
      compressed: compressed === undefined ? undefined : compressed * share(part.unpacked),
    }))
    .sort((a, b) => b.unpacked - a.unpacked || compareTexts(keyOf(a.owner), keyOf(b.owner)));
}

/** A package changes in all layers that have contents of it; what is of no package, in its layer. */
function costsOfChanges(layers: readonly WeighedLayer[]): (owner: Owner, index: number) => number {
  const places = new Map<string, Set<number>>();
  for (const [index, { parts }] of layers.entries()) {
    for (const { owner, unpacked } of parts) {
      if (unpacked === 0 || owner.kind === "other" || owner.kind === "app") continue;
      places.set(keyOf(owner), (places.get(keyOf(owner)) ?? new Set()).add(index));
    }
  }
  return (owner, index) => {
    const changed = places.get(keyOf(owner)) ?? new Set([index]);
    return total(layersThatFollow(layers, changed).map(weightOf));
  };
}

function keyOf({ kind, name, version }: Owner): string {
  return `${kind}\0${name}\0${version}`;
}
