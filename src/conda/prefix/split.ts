import { compareTexts } from "../../kit/text.ts";
import { ENVIRONMENT_LAYER, LIGHT_PARTS_LAYER, WHOLE_DIRECTORY } from "../paths.ts";
import { HEAVY } from "../../python/environment/split.ts";

/**
 * Which packages have layers of their own: the layer's name by the package's, sorted. Weights are
 * kilobytes of 1000 bytes that can be moved; those of packages whose layers stand are known from
 * the layers' metadata. It depends on nothing but its arguments: equal locks give equal layers.
 */
export function splitByWeight(
  weights: ReadonlyMap<string, number>,
  mostHeavyLayers: number,
): ReadonlyMap<string, string> {
  const heavy = [...weights]
    .filter(([, kilobytes]) => kilobytes > HEAVY)
    .sort(([a, weightOfA], [b, weightOfB]) => weightOfB - weightOfA || compareTexts(a, b))
    .slice(0, mostHeavyLayers)
    .map(([name]) => name);
  return new Map(heavy.sort(compareTexts).map((name) => [name, layerName(name)]));
}

/** In the unit of {@link splitByWeight}. */
export function kilobytesOf(files: readonly { readonly bytes: number }[]): number {
  return Math.ceil(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1000);
}

/** Layers and directories of the buildpack's own, and files that the specification has beside them. */
const TAKEN = new Set([
  "build",
  "conda-cache",
  "driver-check",
  ENVIRONMENT_LAYER,
  "handover",
  "launch",
  LIGHT_PARTS_LAYER,
  "lock",
  "sbom",
  "store",
  WHOLE_DIRECTORY,
]);

/**
 * Layers' names have no dots: `a.sbom` would be taken for the bill of materials of `a`. What is put
 * in their place, and behind names that are taken, has capitals, which no package's name has.
 * https://github.com/conda/ceps/blob/main/cep-0026.md
 */
function layerName(name: string): string {
  const plain = name.replaceAll(".", "-Dot-");
  return TAKEN.has(plain) ? `${plain}-Package` : plain;
}
