import { join } from "node:path";
import { mkdir } from "node:fs/promises";
import type { BuildContext } from "../../kit/buildpack.ts";
import { counted, formatBytes } from "../../kit/text.ts";
import { toolEnv } from "../../kit/tool-env.ts";
import { findCompiledIn } from "../../debian/environment/compiled-in.ts";
import { scanEnvironment } from "../../debian/environment/scan.ts";
import { tripletOf } from "../../debian/environment/tree.ts";
import { writeFarm } from "../../debian/farm/farm.ts";
import { mergeTrees } from "../../debian/farm/merge-trees.ts";
import { fetchPackages } from "../../debian/fetch/fetch-packages.ts";
import { generate } from "../../debian/generated/generate.ts";
import { isMade } from "../../debian/generated/links.ts";
import type { DebianLock, DebianPackage } from "../../debian/lock.ts";
import type { PackageIndex } from "../../debian/package-index.ts";
import { moveTree } from "../../debian/unpack/move-tree.ts";
import { settleLinks } from "../../debian/unpack/settle-links.ts";
import { unpackPackage } from "../../debian/unpack/unpack-package.ts";
import type { Asked } from "./asked.ts";
import type { RootLayer } from "./layers/root.ts";
import { commitStoreLayers, factsOf, openStoreLayer, planStoreLayers } from "./layers/store.ts";
import {
  tellGenerated,
  tellLayers,
  tellCompiledIn,
  tellFindings,
  warnOfClashes,
} from "./report.ts";

interface Installation {
  readonly context: BuildContext;
  readonly asked: Asked;
  readonly root: RootLayer;
  readonly lock: DebianLock;
  readonly workDir: string;
}

/**
 * Fetches and unpacks the packages that the app needs when it runs, and joins them to one tree.
 * Nothing of them counts before all is done.
 */
export async function install({
  context,
  asked,
  root,
  lock,
  workDir,
}: Installation): Promise<void> {
  const { log, layersDir } = context;
  const started = performance.now();
  const env = toolEnv(context.env);
  const wanted = lock.filter(({ launch }) => launch);
  const drafts = await unpackAll(wanted, { context, asked, workDir });
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
  const treeOf = new Map(
    layers.flatMap(({ layer }) => layer.members.map((index) => [index, layer.tree] as const)),
  );
  writeFarm(merged, (owner) => treeOf.get(owner) ?? "", root.tree);

  const triplet = tripletOf(asked.arch);
  tellGenerated(await generate({ rootTree: root.tree, triplet, indexes, env, log }), log);
  const { launch } = await scanEnvironment(root.tree, triplet);
  await root.files.writeEnv({ launch });
  const requested = new Set(asked.requests.packages.map(({ name }) => name));
  tellFindings(indexes, requested, log);
  tellCompiledIn(await findCompiledIn(root.tree, triplet, indexes), requested, log);

  await commitStoreLayers(context, layers);
  await root.files.commit({
    packages: [...lock],
    store: layers.map(({ layer }) => layer.name),
  });
  tellLayers(layers, log);
  log.step(`Done (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

/** Each package in a directory of its own; which layer it belongs to is only known by all. */
async function unpackAll(
  wanted: DebianLock,
  { context, asked, workDir }: Pick<Installation, "context" | "asked" | "workDir">,
): Promise<ReadonlyMap<PackageIndex, string>> {
  const { appDir, log } = context;
  if (wanted.length === 0) return new Map();
  const env = toolEnv(context.env);
  const bytes = wanted.reduce((sum, { size }) => sum + size, 0);
  log.step(`Fetching ${counted(wanted.length, "package")} (${formatBytes(bytes)})`);
  const files = await fetchPackages(wanted, {
    appDir,
    directory: join(workDir, "debs"),
    workDir: join(workDir, "fetch"),
    credentials: asked.requests.credentials,
    env: context.env,
    log,
  });
  log.step("Unpacking");
  const drafts = new Map<PackageIndex, string>();
  const unpack = async (item: DebianPackage) => {
    const tree = join(workDir, "drafts", `${item.name}_${item.arch}`, "tree");
    await mkdir(tree, { recursive: true });
    const deb = files.get(item) ?? "";
    return [await unpackPackage({ deb, tree, arch: asked.arch, env }), tree] as const;
  };
  for (const item of wanted) drafts.set(...(await unpack(item)));
  return drafts;
}
