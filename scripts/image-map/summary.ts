import { counted, formatBytes, listed } from "../../src/kit/text.ts";
import { ENVIRONMENT_LAYER } from "../../src/python/environment/paths.ts";
import { LIGHT_LAYERS } from "../../src/python/environment/split.ts";
import { type ImageMap, layersThatFollow, type MappedLayer, total, weightOf } from "./map-image.ts";

/** What the image has in common with the others, and what changes of the app would push. */
export function summarize(
  { name, layers }: ImageMap,
  others: readonly string[],
): readonly string[] {
  const sum = (some: readonly MappedLayer[]) =>
    `${counted(some.length, "layer")}, ${formatBytes(total(some.map(weightOf)))}`;
  const inAll = layers.filter(({ sharedWith }) => sharedWith.length === others.length);
  const alone = layers.filter(({ sharedWith }) => sharedWith.length === 0);
  const pushes = (first: ReadonlySet<number>) => {
    const changed = layersThatFollow(layers, first);
    const named = changed.slice(0, 4).map((layer) => layer.name);
    const rest = changed.length - named.length;
    return `${sum(changed)} (${listed(rest > 0 ? [...named, `${rest} more`] : named)})`;
  };
  const [added, edited] = [layersOfPackages(layers), layersOfSources(layers)];
  return [
    `${name}: ${sum(layers)}`,
    ...(others.length === 0
      ? []
      : [`shared with ${listed(others)}: ${sum(inAll)}`, `in this image alone: ${sum(alone)}`]),
    ...(added.size === 0 ? [] : [`adding a small Python package pushes ${pushes(added)}`]),
    ...(edited.size === 0 ? [] : [`editing the app's source pushes ${pushes(edited)}`]),
  ];
}

/**
 * The layers that a small package more changes: of ours one with light packages, what says which
 * there are, and the SBOM; of a Dockerfile's the one with the most distributions.
 */
function layersOfPackages(layers: readonly MappedLayer[]): ReadonlySet<number> {
  if (layers.some(({ part }) => part === "buildpack")) {
    const records = indexes(layers, (layer) => isOneOf(layer, ["lock"]) || layer.name === "SBOM");
    return new Set([...layersOfLightPackages(layers), ...records]);
  }
  const counts = layers.map(({ part, parts }) =>
    part === "step" ? parts.filter(({ owner }) => PACKAGES.has(owner.kind)).length : 0,
  );
  const most = Math.max(...counts);
  return most === 0 ? new Set() : new Set([counts.lastIndexOf(most)]);
}

/**
 * The package's name decides which of the light layers it joins: the one of middle weight stands for
 * them. The environment, where there are none.
 */
function layersOfLightPackages(layers: readonly MappedLayer[]): Iterable<number> {
  const weights = layers.map(weightOf);
  const light = [...indexes(layers, (layer) => isOneOf(layer, LIGHT_LAYERS))];
  const sorted = light.toSorted((a, b) => (weights[a] ?? 0) - (weights[b] ?? 0));
  const middle = sorted[Math.floor(sorted.length / 2)];
  return middle === undefined
    ? indexes(layers, (layer) => isOneOf(layer, [ENVIRONMENT_LAYER]))
    : [middle];
}

/** Whether it is a buildpack's layer of one of these names. */
function isOneOf({ part, name }: MappedLayer, names: readonly string[]): boolean {
  return part === "buildpack" && names.includes(name.slice(name.lastIndexOf(":") + 1));
}

/** The app's layers; of a Dockerfile the last with files of it, as those before it are for installing. */
function layersOfSources(layers: readonly MappedLayer[]): ReadonlySet<number> {
  const ours = indexes(layers, ({ part }) => part === "app");
  if (ours.size > 0) return ours;
  const copied = indexes(layers, ({ parts }) => parts.some(({ owner }) => owner.kind === "app"));
  return new Set([...copied].slice(-1));
}

function indexes(
  layers: readonly MappedLayer[],
  matches: (layer: MappedLayer) => boolean,
): ReadonlySet<number> {
  return new Set(layers.flatMap((layer, index) => (matches(layer) ? [index] : [])));
}

const PACKAGES: ReadonlySet<string> = new Set(["Python", "conda", "NVIDIA"]);
