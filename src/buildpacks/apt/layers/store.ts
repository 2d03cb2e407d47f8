import { join } from "node:path";
import { type FoundLayer, type LayerFiles, sameValue } from "../../../cnb/layer.ts";
import type { TomlTable } from "../../../cnb/toml.ts";
import type { MergedTree } from "../../../debian/farm/merge-trees.ts";
import { groupForLayers, type Requested } from "../../../debian/farm/layer-groups.ts";
import type { PackageIndex } from "../../../debian/package-index.ts";
import { componentsOf } from "../../../debian/sbom.ts";
import { storeLinks } from "../../../debian/unpack/settle-links.ts";
import type { BuildContext } from "../../../kit/buildpack.ts";
import { cycloneDxFor } from "../../../kit/cyclonedx.ts";
import { sha256 } from "../../../kit/hash.ts";
import type { Recorded } from "./root.ts";

/** A layer with packages' own files. */
export interface StoreLayer {
  readonly name: string;
  readonly tree: string;
  readonly members: readonly PackageIndex[];
}

const LAUNCH_ONLY = { launch: true } as const;
const LAYOUT = 1;

/** Lets all of them stand; false where one of them is gone. */
export async function keepStoreLayers(
  context: BuildContext,
  { store }: Recorded,
): Promise<boolean> {
  const found = await context.foundLayers();
  if (!store.every((name) => found.has(name))) return false;
  for (const name of store) {
    const layer = found.get(name);
    if (layer !== undefined) await context.keepLayer(layer, LAUNCH_ONLY);
  }
  return true;
}

/** `packages` in the order of the requests that bring them. */
export function planStoreLayers(
  layersDir: string,
  packages: readonly Requested[],
): readonly StoreLayer[] {
  return groupForLayers(packages).map(({ name, members }) => ({
    ...{ name, members },
    tree: join(layersDir, name, "tree"),
  }));
}

/** Everything that decides the layer's bytes, for its metadata. */
export function factsOf(
  { members }: StoreLayer,
  merged: Pick<MergedTree, "exists">,
  rootTree: string,
): TomlTable {
  const links = members.flatMap((index) => storeLinks(index, merged, rootTree));
  return {
    layout: LAYOUT,
    root: rootTree,
    packages: members.map(({ name, version, arch, sha256: digest }) => ({
      name,
      version,
      arch,
      sha256: digest,
    })),
    // They may lead to other packages' files.
    links: sha256(JSON.stringify(links)),
  };
}

/** A layer of this build, and whether an earlier build has made the same one. */
export interface OpenedLayer {
  readonly layer: StoreLayer;
  readonly facts: TomlTable;
  /** Its contents are taken from the previous image. */
  readonly earlier: FoundLayer | undefined;
  readonly files: LayerFiles<TomlTable> | undefined;
}

export async function openStoreLayer(
  context: BuildContext,
  layer: StoreLayer,
  facts: TomlTable,
): Promise<OpenedLayer> {
  const found = (await context.foundLayers()).get(layer.name);
  if (found !== undefined && sameValue(found.metadata, facts)) {
    return { layer, facts, earlier: found, files: undefined };
  }
  const files = await context.freshLayer<TomlTable>(layer.name, LAUNCH_ONLY);
  return { layer, facts, earlier: undefined, files };
}

/** Lets the layers count, once everything is made. */
export async function commitStoreLayers(
  context: BuildContext,
  layers: readonly OpenedLayer[],
): Promise<void> {
  // The build image is Debian, whatever the platform says of it.
  const distro = context.target.distro ?? { name: "debian", version: "13" };
  for (const { layer, facts, earlier, files } of layers) {
    if (earlier !== undefined) await context.keepLayer(earlier, LAUNCH_ONLY);
    if (files === undefined) continue;
    await files.writeSbom("cdx", cycloneDxFor(componentsOf(layer.members, distro)));
    await files.commit(facts);
  }
}
