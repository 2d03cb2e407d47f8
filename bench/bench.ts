import { prepareBuilders } from "../scripts/lib/builder.ts";
import { pushImage } from "../scripts/lib/builder-image.ts";
import type { Engine } from "../scripts/lib/engine.ts";
import { log } from "../scripts/lib/log.ts";
import { readRemoteImage } from "../scripts/lib/registry-client.ts";
import { type Registry, startRegistry } from "../scripts/lib/registry.ts";
import { makeTemporaryFolder } from "../scripts/lib/temporary-folder.ts";
import { formatBytes } from "../src/kit/text.ts";
import type { BenchApp } from "./apps.ts";
import { type BuildKit, startBuildKit } from "./buildkit.ts";
import { makeChannels } from "./conda-channel.ts";
import { byDockerfile, byPack, type Contender } from "./contender.ts";
import { prepareEmptyBuilder } from "./empty-builder.ts";
import { describeEnvironment } from "./environment.ts";
import { type FrozenIndex, type FrozenIndexOptions, startFrozenIndex } from "./frozen-index.ts";
import { measureImageSize } from "./image-size.ts";
import { measureLimits } from "./limits.ts";
import type { AppPlan } from "./plan.ts";
import type { BenchResult, Measurement, RoundPlan } from "./result.ts";
import { type Conditions, resume, roundsLeft } from "./resume.ts";
import { type BaseImages, patchBaseImages, prepareBaseImages, RIVALS } from "./rivals.ts";
import { rotate, runRound } from "./round.ts";
import { measureStartUps } from "./start-up.ts";
import { warmUp } from "./warm-up.ts";

export interface BenchOptions {
  /** As typed. */
  readonly command: string;
  /** ISO 8601: packages that were published later are hidden. Where absent, as in the earlier run, or now. */
  readonly frozenAt?: string | undefined;
  /** An earlier run's, to go on with: its rounds that are complete are not measured again. */
  readonly earlier?: BenchResult | undefined;
  /** Called after each round with all that has been measured so far. */
  readonly onRound: (result: BenchResult) => Promise<void>;
}

/** Measures what the plans say. What it made in the engine and on disk is gone when the command ends. */
export async function measureEverything(
  plans: readonly AppPlan[],
  options: BenchOptions,
): Promise<BenchResult> {
  const { command, earlier, onRound } = options;
  const startedAt = new Date().toISOString();
  const frozenAt = options.frozenAt ?? earlier?.frozenAt ?? startedAt;
  const place = await prepare(
    plans.map(({ app }) => app),
    { frozenAt, isResumed: earlier !== undefined },
  );
  const environment = await describeEnvironment(place.engine, {
    ...{ builder: place.builder, buildImage: place.buildImage },
    pythonImage: place.bases.python_image,
  });
  const conditions = { environment, frozenAt };
  const result =
    earlier === undefined ? await begin(place, conditions) : resume(earlier, plans, conditions);
  result.sittings.push({ command, startedAt });
  for (const appPlan of plans) {
    const { app, rounds } = appPlan;
    const left = roundsLeft(appPlan, result);
    if (left.length === 0) log.step(`All rounds of ${app.name} are complete`);
    else await warmUp(place.engine, { app, rounds: left.map(({ plan }) => plan), ...place });
    for (const { number, plan } of left) {
      log.section(`${app.name}, round ${number} of ${rounds.length}`);
      await measureRound(place, { app, plan, number, result });
      result.rounds.push({ app: app.name, number, plan });
      await onRound(result);
    }
  }
  return result;
}

/** A result without figures but the machine's. */
async function begin(
  { engine, index, bases }: Place,
  conditions: Conditions,
): Promise<BenchResult> {
  const limits = await measureLimits(engine, { index, image: bases.base_image });
  return {
    ...{ ...conditions, limits },
    ...{ sittings: [], rounds: [], measurements: [], images: [], startUps: [] },
  };
}

/** What all rounds share. */
interface Place {
  readonly engine: Engine;
  readonly index: FrozenIndex;
  /** Has the base images, and nothing else. */
  readonly registry: Registry;
  readonly builder: string;
  /** In the engine. */
  readonly buildImage: string;
  readonly emptyBuilder: string;
  readonly bases: BaseImages;
  /** Makes base images; no contender builds with it. */
  readonly buildkit: BuildKit;
}

async function prepare(
  apps: readonly BenchApp[],
  packages: Pick<FrozenIndexOptions, "frozenAt" | "isResumed">,
): Promise<Place> {
  const { engine, cpu } = await prepareBuilders();
  const buildkit = await startBuildKit();
  const channels = await makeTemporaryFolder();
  const index = await startFrozenIndex({ ...packages, channels });
  await makeChannels(apps, { folder: channels, index });
  const registry = await startRegistry(engine);
  const { address } = registry;
  const stack = {
    run: await pushImage(engine, cpu.stack.run, address),
    build: await pushImage(engine, cpu.stack.build, address),
  };
  log.step("Making the images that Dockerfiles begin with");
  const bases = await prepareBaseImages(engine, buildkit, {
    ...{ registry: address, stack, buildArgs: index.proxyEnv },
  });
  return {
    ...{ engine, index, registry, bases, buildkit },
    builder: cpu.image,
    emptyBuilder: await prepareEmptyBuilder(engine, cpu.stack),
    buildImage: cpu.stack.build,
  };
}

async function measureRound(
  place: Place,
  round: {
    readonly app: BenchApp;
    readonly plan: RoundPlan;
    readonly number: number;
    readonly result: BenchResult;
  },
): Promise<void> {
  const { engine, index, buildkit } = place;
  const { app, plan, number, result } = round;
  // Of its own: no round finds what another one has pushed.
  const registry = await startRegistry(engine, { copyOf: place.registry });
  const bases = within(place.bases, registry);
  const contenders = await prepareContenders(place, { app, plan, bases });
  await runRound({
    ...{ app, number, plan, registry, index },
    contenders: rotate(contenders, number - 1),
    patchBase: async () => await patchBaseImages(engine, buildkit, bases),
    onImages: async (images) => {
      const first = await byDigest([...images].filter(([{ only }]) => only === undefined));
      await sizeImages(first, { app, round: number, result });
      return async () => {
        const times = plan.startUps;
        if (times === 0) return;
        // Not before: so many containers make the builds after them slower.
        log.step(`Starting each image of the first builds ${times} times`);
        const asked = { app, round: number, times };
        result.startUps.push(...(await measureStartUps(engine, first, asked)));
      };
    },
    onMeasurement: (measurement) => {
      result.measurements.push(measurement);
      log.step(describe(measurement));
    },
  });
  for (const contender of contenders) await contender.stop();
  await registry.stop();
}

async function prepareContenders(
  place: Place,
  options: { readonly app: BenchApp; readonly plan: RoundPlan; readonly bases: BaseImages },
): Promise<readonly Contender[]> {
  const { engine, index, builder, emptyBuilder } = place;
  const { app, plan, bases } = options;
  const variables = { PIP_INDEX_URL: index.simple, ...index.proxyEnv };
  const channels = { BP_CONDA_CHANNEL_ALIAS: index.conda };
  const ours = {
    name: "ours",
    builder,
    runImage: bases.base_image,
    env: { ...variables, ...channels, ...app.env },
  };
  const only = new Set(["unchanged"] as const);
  const floor = { ...ours, name: "floor", builder: emptyBuilder, only };
  const buildArgs = {
    ...variables,
    UV_DEFAULT_INDEX: index.simple,
    CONDA_CHANNEL_ALIAS: `${index.conda}/`,
  };
  const rivals = RIVALS.filter(({ name }) => plan.rivals.includes(name));
  return [
    byPack(engine, ours),
    ...(await Promise.all(
      rivals.map((rival) => byDockerfile(engine, { rival, app, buildArgs, bases })),
    )),
    ...(plan.scenarios.includes("unchanged") ? [byPack(engine, floor)] : []),
  ];
}

/** As they are now, whatever their tags lead to later. */
async function byDigest(
  images: readonly (readonly [Contender, string])[],
): Promise<ReadonlyMap<Contender, string>> {
  const pinned = new Map<Contender, string>();
  for (const [contender, image] of images) {
    const { digest } = await readRemoteImage(image);
    pinned.set(contender, `${image}@${digest}`);
  }
  return pinned;
}

/** The same images, in a registry that is a copy. */
function within(bases: BaseImages, { address }: Registry): BaseImages {
  const renamed = Object.entries(bases).map(([name, image]) => [
    name,
    image.replace(/^[^/]+/, address),
  ]);
  return Object.fromEntries(renamed) as BaseImages;
}

async function sizeImages(
  images: ReadonlyMap<Contender, string>,
  where: { readonly app: BenchApp; readonly round: number; readonly result: BenchResult },
): Promise<void> {
  const { app, round, result } = where;
  const seen = new Map<string, number>();
  for (const [{ name }, image] of images) {
    const known = result.images.some((size) => size.app === app.name && size.contender === name);
    if (known) continue;
    const size = await measureImageSize(image, seen);
    result.images.push({ app: app.name, contender: name, round, ...size });
  }
}

/** "cold, pip: 18.21 s, 112 MB in 4 layers pushed" */
function describe({ scenario, machine, target, detail, contender, cost }: Measurement): string {
  const where = [
    ...(machine === "fresh" ? [", fresh machine"] : []),
    ...(target === "engine" ? [", into the engine"] : []),
    ...(detail === undefined ? [] : [` (${detail})`]),
  ];
  const pushed = `${formatBytes(cost.pushedBytes)} in ${cost.pushedLayers} layers pushed`;
  return `${scenario}${where.join("")}, ${contender}: ${cost.seconds.toFixed(2)} s, ${pushed}`;
}
