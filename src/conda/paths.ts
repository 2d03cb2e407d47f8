import { join } from "node:path";

/** The layer that holds the prefix: all light packages, and links to the files of heavy ones. */
export const ENVIRONMENT_LAYER = "environment";

/** The cached layer that holds what heavy packages have outside of their layers. */
export const LIGHT_PARTS_LAYER = "light-parts";

/**
 * A directory that is there when everything of the environment is, heavy packages' files as well:
 * what is compiled may link with any of it. No layer.
 */
export const WHOLE_DIRECTORY = "whole-environment";

/**
 * A sub-directory: a `lib` at a layer's root would land in LD_LIBRARY_PATH, and conda's packages
 * find each other by RPATH. https://github.com/buildpacks/spec/blob/buildpack/0.10/buildpack.md#layer-paths
 */
export function prefixPath(layersDir: string): string {
  return join(layersDir, ENVIRONMENT_LAYER, "prefix");
}

/** Where the layer of a heavy package keeps a file that is at `path` in the prefix. */
export function placeInLayer(layersDir: string, layer: string, path: string): string {
  return join(layersDir, layer, "files", path);
}
