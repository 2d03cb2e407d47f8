import { mkdirSync, renameSync, symlinkSync } from "node:fs";
import { posix } from "node:path";
import { placeInLayer } from "../paths.ts";

/**
 * Moves files of the prefix into a layer, and leaves links in their places. Links of the package
 * itself stay as they are: `libfoo.so` leads to `libfoo.so.1.2`, which leads into the layer. The
 * layers directory must be on one file system. Synchronous, as there may be thousands.
 */
export function moveToLayer(
  prefix: string,
  layersDir: string,
  layer: string,
  paths: readonly string[],
): void {
  for (const path of paths) {
    const [from, to] = [`${prefix}/${path}`, placeInLayer(layersDir, layer, path)];
    mkdirSync(posix.dirname(to), { recursive: true });
    renameSync(from, to);
    symlinkSync(to, from);
  }
}
