import { join } from "node:path";
import type { BuildContext } from "../kit/buildpack.ts";

// Directories of the layers' file system without a layer TOML: hard links from them work, and
// nothing of them is in the image or kept between builds.

export function uvCacheOf({ layersDir }: Pick<BuildContext, "layersDir">): string {
  return join(layersDir, "uv-cache");
}

export function draftsOf({ layersDir }: Pick<BuildContext, "layersDir">): string {
  return join(layersDir, "drafts");
}
