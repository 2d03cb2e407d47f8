import { mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BuildContext } from "../../kit/buildpack.ts";
import { toolEnv } from "../../kit/tool-env.ts";
import { findCompiledIn } from "../../debian/environment/compiled-in.ts";
import { scanEnvironment } from "../../debian/environment/scan.ts";
import { tripletOf } from "../../debian/environment/tree.ts";
import { writeFarm } from "../../debian/farm/farm.ts";
import { mergeTrees } from "../../debian/farm/merge-trees.ts";
import { generate } from "../../debian/generated/generate.ts";
import { isMade } from "../../debian/generated/links.ts";
import type { DebianLock } from "../../debian/lock.ts";
import type { PackageIndex } from "../../debian/package-index.ts";
import { moveTree } from "../../debian/unpack/move-tree.ts";
import { settleLinks } from "../../debian/unpack/settle-links.ts";
import type { Asked } from "./asked.ts";
import { type Development, DEVELOPMENT_DIRECTORY, digestOfDevelopment } from "./development.ts";
import { makeDevelopment } from "./make-development.ts";
import type { RootLayer } from "./layers/root.ts";
import {
  commitStoreLayers,
  factsOf,
  type FilledLayer,
  openStoreLayer,
  planStoreLayers,
} from "./layers/store.ts";
import {
  tellGenerated,
  tellLayers,
  tellCompiledIn,
  tellFindings,
  warnOfClashes,
} from "./report.ts";
import { fetchAndUnpack } from "./unpack.ts";

interface Installation {
  readonly context: BuildContext;
  readonly asked: Asked;
  readonly root: RootLayer;
  readonly lock: DebianLock;
  readonly workDir: string;
}

/**
 * Fetches and unpacks the packages that the app needs when it runs, and joins them to one tree; those
 * for compilers, to another. Nothing of them counts before all is done. Gives what compilers get.
 */
export async function install({
  context,
  asked,
  root,
  lock,
  workDir,
}: Installation): Promise<Development | undefined> {
  const { log, layersDir } = context;
  const started = performance.now();
  const env = toolEnv(context.env);
  const digest = digestOfDevelopment(lock);
  const standing = digest === root.development?.packages ? root.development : undefined;
  const wanted = lock.filter(({ launch, build }) => launch || (build && standing === undefined));
  const { credentials } = asked.requests;
  const { arch } = asked;
  const unpacked = await fetchAndUnpack(wanted, { context, credentials, arch, workDir });
  const launched = unpacked.filter(({ item }) => item.launch);
  const drafts = new Map(launched.map(({ index, tree }) => [index, tree]));
  const indexes = [...drafts.keys()];

  const merged = mergeTrees(indexes);
  // What is made later counts as there: links in the store layers lead to it.
  const target = { exists: (path: string) => merged.exists(path) || isMade(path) };
  warnOfClashes(merged.clashes, log);
  const layers = [];
  for (const layer of planStoreLayers(layersDir, indexes)) {
    const filled = await openStoreLayer(context, layer, factsOf(layer, target, root.tree));
    await mkdir(layer.tree, { recursive: true });
    for (const index of layer.members) {
      moveTree(drafts.get(index) ?? "", layer.tree);
      settleLinks(layer.tree, index, target, root.tree);
    }
    layers.push(filled);
  }
  const treeOf = mapMembers(layers, ({ layer }) => layer.tree);
  writeFarm(merged, (owner) => treeOf.get(owner) ?? "", root.tree);

  const triplet = tripletOf(arch);
  tellGenerated(await generate({ rootTree: root.tree, triplet, indexes, env, log }), log);
  const { launch } = await scanEnvironment(root.tree, triplet);
  await root.files.writeEnv({ launch });
  const requested = new Set(asked.requests.packages.map(({ name }) => name));
  tellFindings(indexes, requested, log);
  tellCompiledIn(await findCompiledIn(root.tree, triplet, indexes), requested, log);

  const compiling = unpacked.filter(({ item }) => item.build);
  const development =
    digest === undefined || standing !== undefined
      ? standing
      : {
          packages: digest,
          env: await makeDevelopment(compiling, {
            ...{ context, arch },
            placed: await handFilesOver(layers, layersDir),
          }),
        };

  await commitStoreLayers(context, layers);
  await root.files.commit({
    packages: [...lock],
    store: layers.map(({ layer }) => layer.name),
    ...(development === undefined ? {} : { development }),
  });
  tellLayers(layers, log);
  log.step(`Done (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return development;
}

/**
 * Where compilers find the files of packages that the image has as well. What lies in a layer that
 * is taken from the previous image is removed in the end, so that it becomes theirs.
 */
async function handFilesOver(
  layers: readonly FilledLayer[],
  layersDir: string,
): Promise<ReadonlyMap<PackageIndex, string>> {
  const moved = new Map<FilledLayer, string>();
  for (const filled of layers.filter(({ earlier }) => earlier !== undefined)) {
    const tree = join(layersDir, DEVELOPMENT_DIRECTORY, filled.layer.name);
    await mkdir(dirname(tree), { recursive: true });
    await rename(filled.layer.tree, tree);
    moved.set(filled, tree);
  }
  return mapMembers(layers, (filled) => moved.get(filled) ?? filled.layer.tree);
}

function mapMembers(
  layers: readonly FilledLayer[],
  treeOf: (filled: FilledLayer) => string,
): ReadonlyMap<PackageIndex, string> {
  return new Map(
    layers.flatMap((filled) =>
      filled.layer.members.map((index) => [index, treeOf(filled)] as const),
    ),
  );
}
