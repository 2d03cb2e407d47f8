import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { EnvChanges } from "../../cnb/layer-env.ts";
import type { TomlTable } from "../../cnb/toml.ts";
import type { BuildContext, RecreateContext } from "../../kit/buildpack.ts";
import { toolEnv } from "../../kit/tool-env.ts";
import { scanEnvironment } from "../../debian/environment/scan.ts";
import { tripletOf } from "../../debian/environment/tree.ts";
import { writeFarm } from "../../debian/farm/farm.ts";
import { mergeTrees } from "../../debian/farm/merge-trees.ts";
import { generate } from "../../debian/generated/generate.ts";
import { isMade } from "../../debian/generated/made.ts";
import type { PackageIndex } from "../../debian/package-index.ts";
import { moveTree } from "../../debian/unpack/move-tree.ts";
import { settleLinks } from "../../debian/unpack/settle-links.ts";
import { readAsked } from "./asked.ts";
import { DEVELOPMENT_DIRECTORY, packagesForCompilers } from "./development.ts";
import { readRecorded } from "./layers/root.ts";
import { fetchAndUnpack, type Unpacked } from "./unpack.ts";

export interface DevelopmentOptions {
  readonly context: Pick<BuildContext, "layersDir" | "env" | "log">;
  readonly arch: "amd64" | "arm64";
  /** Where files of packages already are, which the image has as well. */
  readonly placed: ReadonlyMap<PackageIndex, string>;
}

/** Joins the packages to a tree, and gives what it does to the environment of compilers. */
export async function makeDevelopment(
  unpacked: readonly Unpacked[],
  { context: { layersDir, env, log }, arch, placed }: DevelopmentOptions,
): Promise<TomlTable & EnvChanges> {
  const store = join(layersDir, DEVELOPMENT_DIRECTORY, "store");
  const rootTree = join(layersDir, DEVELOPMENT_DIRECTORY, "tree");
  const indexes = unpacked.map(({ index }) => index);
  const merged = mergeTrees(indexes, isMade);
  for (const { index, tree } of unpacked.filter((one) => !placed.has(one.index))) {
    moveTree(tree, store);
    settleLinks(store, index, merged, rootTree);
  }
  writeFarm(merged, (owner) => placed.get(owner) ?? store, rootTree);
  const triplet = tripletOf(arch);
  const { failed } = await generate({ rootTree, triplet, indexes, env: toolEnv(env), log });
  for (const { name, reason } of failed) log.debug(`${name} could not be made: ${reason}`);
  const { build } = await scanEnvironment(rootTree, triplet);
  return build;
}

/** For later buildpacks, at builds that leave the packages as they are. */
export async function recreateDevelopment(context: RecreateContext): Promise<void> {
  const { log, layersDir } = context;
  const recorded = readRecorded((await context.foundLayers()).get("root")?.metadata);
  if (recorded === undefined) throw new Error("There is no record of the packages");
  const { requests, arch } = await readAsked(context);
  const workDir = join(layersDir, "work");
  try {
    log.step("Installing Debian packages for compilers again because they are not kept");
    const wanted = await packagesForCompilers(recorded.packages);
    const { credentials } = requests;
    const unpacked = await fetchAndUnpack(wanted, { context, credentials, arch, workDir });
    await makeDevelopment(unpacked, { context, arch, placed: new Map() });
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}
