import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { BuildContext } from "../../kit/buildpack.ts";
import { toolEnv } from "../../kit/tool-env.ts";
import { findCompiledIn } from "../../debian/environment/compiled-in.ts";
import { scanEnvironment } from "../../debian/environment/scan.ts";
import { tripletOf } from "../../debian/environment/tree.ts";
import { writeFarm } from "../../debian/farm/farm.ts";
import { type MergedTree, mergeTrees } from "../../debian/farm/merge-trees.ts";
import { generate } from "../../debian/generated/generate.ts";
import { isMade } from "../../debian/generated/made.ts";
import type { Asked } from "./asked.ts";
import {
  type Development,
  DEVELOPMENT_DIRECTORY,
  digestOf,
  packagesForCompilers,
} from "./development.ts";
import { FilledStore } from "./filled-store.ts";
import { makeDevelopment } from "./make-development.ts";
import type { Chosen } from "./obtain-lock.ts";
import type { RootLayer } from "./layers/root.ts";
import type { StandIns } from "./layers/stand-ins.ts";
import {
  commitStoreLayers,
  factsOf,
  type OpenedLayer,
  openStoreLayer,
  planStoreLayers,
} from "./layers/store.ts";
import {
  tellCompiledIn,
  tellFindings,
  tellGenerated,
  tellReusedLayers,
  warnOfClashes,
} from "./report.ts";
import { type Known, Supply } from "./supply.ts";

export interface Installation {
  readonly context: BuildContext;
  readonly asked: Asked;
  readonly root: RootLayer;
  readonly standIns: StandIns;
  readonly chosen: Chosen;
  readonly workDir: string;
}

/**
 * Joins the packages that the app needs when it runs to one tree; those for compilers, to another.
 * Only what is new is fetched: of packages whose layers are taken from the previous image it is
 * enough to know what is in them. Nothing counts before all is done. Gives what compilers get.
 */
export async function install(installation: Installation): Promise<Development | undefined> {
  const { context, asked, root, chosen, workDir } = installation;
  const { log, layersDir } = context;
  const lock = chosen.packages;
  const started = performance.now();
  const { arch } = asked;
  const { credentials } = asked.requests;
  const standIns = await installation.standIns.open();
  const supply = new Supply({ context, credentials, arch, workDir }, standIns);

  const forCompilers = await packagesForCompilers(lock);
  const digest = digestOf(forCompilers);
  const standing = digest === root.development?.packages ? root.development : undefined;
  const compiling = standing === undefined ? forCompilers : [];
  const packages = await supply.learn(
    lock.filter(({ launch }) => launch),
    compiling.filter(({ launch }) => !launch),
  );

  const merged = mergeTrees(
    packages.map(({ index }) => index),
    isMade,
  );
  warnOfClashes(merged.clashes, log);
  const layers = await openLayers(context, packages, merged, root.tree);
  const [fresh, reused] = [layers.filter(isFresh), layers.filter((one) => !isFresh(one))];
  const store = new FilledStore(fresh.map(layerOf), reused.map(layerOf), {
    ...{ supply, packages, merged, rootTree: root.tree },
  });
  await store.fill(compiling);
  await joinAll(installation, { store, packages, merged, outputs: standIns.outputs });

  let development = standing;
  if (digest !== undefined && development === undefined) {
    const placed = await store.keepFiles(join(layersDir, DEVELOPMENT_DIRECTORY));
    const unpacked = compiling.map((item) => supply.unpacked(item));
    const env = await makeDevelopment(unpacked, { context, arch, placed });
    development = { packages: digest, env };
  }
  await commitStoreLayers(context, layers);
  await root.files.commit({
    packages: [...lock],
    store: layers.map(({ layer }) => layer.name),
    made: chosen.made,
    ...root.upgrade,
    ...(development === undefined ? {} : { development }),
  });
  await standIns.commit(lock);
  tellReusedLayers(reused, log);
  log.step(`Done (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return development;
}

async function openLayers(
  context: BuildContext,
  packages: readonly Known[],
  merged: MergedTree,
  rootTree: string,
): Promise<readonly OpenedLayer[]> {
  const requested = packages.map(({ index, item: { request } }) => ({ index, request }));
  const opened: OpenedLayer[] = [];
  for (const layer of planStoreLayers(context.layersDir, requested)) {
    opened.push(await openStoreLayer(context, layer, factsOf(layer, merged, rootTree)));
  }
  return opened;
}

const isFresh = ({ earlier }: OpenedLayer) => earlier === undefined;
const layerOf = ({ layer }: OpenedLayer) => layer;

interface Parts {
  readonly store: FilledStore;
  readonly packages: readonly Known[];
  readonly merged: MergedTree;
  /** Directory with what programs have made in earlier builds. */
  readonly outputs: string;
}

/** Makes the tree, and what it does to the app's environment. */
async function joinAll(installation: Installation, parts: Parts): Promise<void> {
  const { root } = installation;
  const { store, merged } = parts;
  const assemble = async () => {
    await rm(root.tree, { recursive: true, force: true });
    writeFarm(merged, (owner) => store.treeOf.get(owner) ?? "", root.tree);
    await completeTree(installation, parts);
  };
  try {
    await assemble();
  } catch (error) {
    // Something has read a file for which nothing stands.
    if (store.isWhole || !isMissing(error)) throw error;
    installation.context.log.debug(String(error));
    await store.makeWhole();
    await assemble();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

async function completeTree(
  { context, asked, root }: Installation,
  { store, packages, outputs }: Parts,
): Promise<void> {
  const { log } = context;
  const indexes = packages.map(({ index }) => index);
  const triplet = tripletOf(asked.arch);
  const generated = await generate({
    ...{ rootTree: root.tree, triplet, indexes, env: toolEnv(context.env), log },
    earlier: {
      directory: outputs,
      makeWhole: async () => {
        if (!store.isWhole) log.step("Some lists and caches are made anew, of all packages' files");
        await store.makeWhole();
      },
    },
  });
  const { launch } = await scanEnvironment(root.tree, triplet);
  const compiledIn = await findCompiledIn(root.tree, triplet, indexes);
  await root.files.writeEnv({ launch });

  const named = new Set(packages.filter(({ item }) => item.requested).map(({ item }) => item.name));
  tellGenerated(generated, log);
  tellFindings(indexes, named, log);
  tellCompiledIn(compiledIn, named, log);
}
