import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { PhaseContext } from "../../cnb/buildpack.ts";
import { writeDelta } from "../../cnb/layer-env.ts";
import { activate, type Activation } from "../../conda/activation/activate.ts";
import { EngineFailure, runEngine } from "../../conda/engine/engine.ts";
import type { Network } from "../../conda/engine/protocol.ts";
import { type CondaLock, urlOf } from "../../conda/lock.ts";
import { ENVIRONMENT_LAYER, prefixPath } from "../../conda/paths.ts";
import { compilePrefix } from "../../conda/prefix/bytecode.ts";
import { completeRecords } from "../../conda/prefix/complete-records.ts";
import { joinVenv } from "../../conda/prefix/join-venv.ts";
import { restoreLightPart } from "../../conda/prefix/light-part.ts";
import { type Contested, contestedPaths, entangledPackages } from "../../conda/prefix/contested.ts";
import { movableFiles } from "../../conda/prefix/movable.ts";
import { moveToLayer } from "../../conda/prefix/move.ts";
import { makeStandIns } from "../../conda/prefix/stand-ins.ts";
import { prunePrefix, rulesFor, type Saving } from "../../conda/prefix/prune.ts";
import { findPython, type PrefixPython } from "../../conda/prefix/python.ts";
import { readPrefix } from "../../conda/prefix/read-prefix.ts";
import type { PrefixRecord } from "../../conda/prefix/record.ts";
import { kilobytesOf, splitByWeight } from "../../conda/prefix/split.ts";
import { writeRecords } from "../../conda/prefix/write-records.ts";
import { CommandError } from "../../kit/command.ts";
import type { Log } from "../../kit/log.ts";
import { counted } from "../../kit/text.ts";
import { LAUNCH_DEFAULTS } from "../../python/environment/launch-defaults.ts";
import { settleModes } from "../../python/environment/modes.ts";
import { venvPathBeside } from "../../python/environment/paths.ts";
import type { EnvironmentOptions } from "./layers/environment.ts";
import type { Standing } from "./standing.ts";

export interface MakeTask {
  readonly context: Pick<PhaseContext, "env" | "layersDir"> & { readonly log: Log };
  readonly packages: CondaLock;
  readonly platform: string;
  readonly network: Network;
  readonly options: EnvironmentOptions;
  /** By the package's name. */
  readonly standing: ReadonlyMap<string, Standing>;
  /** Makes the empty directory of a layer for a heavy package. */
  readonly emptyLayer: (layer: string) => Promise<void>;
}

/** The layer of the environment, with its variables, and those of heavy packages, as they lie on disk. */
export interface MadeEnvironment {
  readonly records: readonly PrefixRecord[];
  readonly python: PrefixPython | undefined;
  /** The layer of each package that has one of its own. */
  readonly split: ReadonlyMap<string, string>;
  /** In kilobytes of 1000 bytes. */
  readonly weights: ReadonlyMap<string, number>;
  readonly reports: Activation["reports"];
  readonly savings: readonly Saving[];
}

/**
 * Installs the packages and decides where everything goes. What is learned may show that a layer
 * that seemed to stand would be made otherwise today; its package is then installed, too, so that
 * the result never depends on earlier builds.
 */
export async function makeEnvironment(task: MakeTask): Promise<MadeEnvironment> {
  let { standing } = task;
  for (;;) {
    const attempt = await attemptWith(standing, task);
    if ("made" in attempt) return attempt.made;
    const { unfit } = attempt;
    standing = new Map([...standing].filter(([name]) => !unfit.has(name)));
  }
}

type Attempt = { readonly made: MadeEnvironment } | { readonly unfit: ReadonlySet<string> };

async function attemptWith(
  standing: ReadonlyMap<string, Standing>,
  task: MakeTask,
): Promise<Attempt> {
  const { context, packages, options } = task;
  const { env, layersDir, log } = context;
  const prefix = prefixPath(layersDir);
  const directories = await install(standing, task);
  const colliding = await restoreAll(prefix, standing, env);
  if (colliding.size > 0) return { unfit: colliding };

  const complete = await completeRecords(await readPrefix(prefix), packages, directories);
  const contested = contestedPaths(complete);
  if (standing.size > 0 && !(await isInstalledAsAll(complete, contested, context))) {
    return { unfit: new Set(standing.keys()) };
  }
  const ruleOf = rulesFor(complete, new Set(options.keep));
  const entangled = entangledPackages(contested, (path) => ruleOf(path) !== undefined);
  const { records: pruned, savings } = prunePrefix(prefix, complete, ruleOf);
  // Its directories stay behind where the engine has taken a file out of it again, which depends on
  // which package came first.
  await rm(join(prefix, "__clobbers__"), { recursive: true, force: true });
  const python = findPython(prefix, pruned);
  if (python !== undefined) {
    await joinVenv(prefix, python, venvPathBeside(layersDir));
    log.step("Compiling bytecode");
  }
  const records = python === undefined ? pruned : await compilePrefix(prefix, pruned, python, env);

  const movable = new Map(
    records
      .filter(({ name }) => !standing.has(name) && !entangled.has(name))
      .map((record) => [record.name, movableFiles(prefix, record)] as const),
  );
  const weights = new Map([
    ...[...movable].map(([name, files]) => [name, kilobytesOf(files)] as const),
    ...[...standing].map(([name, { kilobytes }]) => [name, kilobytes] as const),
  ]);
  const split = splitByWeight(weights, options.mostHeavyLayers);
  const unfit = [...standing].filter(
    ([name, { layer }]) => entangled.has(name) || split.get(name) !== layer,
  );
  if (unfit.length > 0) return { unfit: new Set(unfit.map(([name]) => name)) };

  const { variables } = options;
  const { delta, reports, hasFailed, usesPrograms } = await withStandIns(
    task,
    { records, standing },
    () => activate({ prefix, variables, log }),
  );
  // A program that a script runs may need what lies in a layer without contents.
  if (standing.size > 0 && (hasFailed || usesPrograms)) {
    return { unfit: new Set(standing.keys()) };
  }
  await writeRecords(prefix, records);
  for (const [name, layer] of split) {
    if (standing.has(name)) continue;
    const files = movable.get(name) ?? [];
    await task.emptyLayer(layer);
    moveToLayer(
      prefix,
      layersDir,
      layer,
      files.map(({ path }) => path),
    );
    settleModes(join(layersDir, layer));
  }
  settleModes(prefix);
  const launch = { ...LAUNCH_DEFAULTS, ...delta.launch };
  await writeDelta(join(layersDir, ENVIRONMENT_LAYER), { launch });
  return {
    made: { records, python, split, weights, reports, savings },
  };
}

/**
 * Does what looks at the prefix with files of one byte where the links of packages lead that stand:
 * whether a file is there is what most scripts ask.
 */
async function withStandIns<Result>(
  { context }: MakeTask,
  { records, standing }: Pick<MakeTask, "standing"> & Pick<MadeEnvironment, "records">,
  work: () => Promise<Result>,
): Promise<Result> {
  const { layersDir } = context;
  const absent = [...standing].filter(([, { layer }]) => !existsSync(join(layersDir, layer)));
  const prefix = prefixPath(layersDir);
  try {
    for (const [name, { layer }] of absent) {
      const record = records.find((one) => one.name === name);
      if (record !== undefined) makeStandIns(prefix, record, join(layersDir, layer));
    }
    return await work();
  } finally {
    for (const [, { layer }] of absent) {
      await rm(join(layersDir, layer), { recursive: true, force: true });
    }
  }
}

/**
 * Whether each file that several packages have is that of the same package as where all packages
 * are installed at once. The last one counts in an order that follows from all dependencies.
 */
async function isInstalledAsAll(
  records: readonly PrefixRecord[],
  contested: readonly Contested[],
  context: MakeTask["context"],
): Promise<boolean> {
  if (contested.length === 0) return true;
  const packages = records.map(({ name, version, build, subdir, depends = [] }) => ({
    ...{ name, version, build, subdir, depends },
  }));
  const { names } = await runEngine({ command: "order", packages }, context);
  return contested.every(({ owners, winner }) => {
    const last = names.findLast((name) => owners.includes(name));
    return last === winner;
  });
}

/** Gives, by name, where the cache has each package. */
async function install(
  standing: ReadonlyMap<string, Standing>,
  { context, packages, platform, network, options }: MakeTask,
): Promise<Readonly<Record<string, string>>> {
  const prefix = prefixPath(context.layersDir);
  await rm(prefix, { recursive: true, force: true });
  const wanted = packages.filter(({ name }) => !standing.has(name));
  if (wanted.length === 0) return {};
  context.log.step(`Installing ${counted(wanted.length, "package")}`);
  const { linkScripts } = options;
  const request = {
    command: "install",
    ...network,
    packages: wanted.map(({ digest, ...one }) => ({ ...one, ...digest })),
    ...{ platform, prefix, linkScripts },
  } as const;
  try {
    return (await runEngine(request, context)).packages;
  } catch (error) {
    throw error instanceof EngineFailure ? withAddress(error, wanted) : error;
  }
}

/** The engine names the file of a package that it could not get; channels have files of one name. */
function withAddress({ error }: EngineFailure, wanted: CondaLock): EngineFailure {
  const found = wanted.find(({ file }) => file === error.subject);
  return new EngineFailure(found === undefined ? error : { ...error, subject: urlOf(found) });
}

/** Gives the names of those that could not be put back: what they had may be another package's now. */
async function restoreAll(
  prefix: string,
  standing: ReadonlyMap<string, Standing>,
  env: PhaseContext["env"],
): Promise<ReadonlySet<string>> {
  const unfit = new Set<string>();
  for (const [name, { archive }] of standing) {
    try {
      if ((await restoreLightPart(prefix, archive, env)).length > 0) unfit.add(name);
    } catch (error) {
      // Half an archive, of a cache that was cut off.
      if (!(error instanceof CommandError)) throw error;
      unfit.add(name);
    }
  }
  return unfit;
}
