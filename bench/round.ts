import { cp } from "node:fs/promises";
import { join } from "node:path";
import { read } from "../scripts/lib/command.ts";
import type { Registry } from "../scripts/lib/registry.ts";
import { makeTemporaryFolder } from "../scripts/lib/temporary-folder.ts";
import {
  addRequirement,
  type BenchApp,
  editSource,
  replaceRequirement,
  useSecondApp,
} from "./apps.ts";
import type { FrozenIndex } from "./frozen-index.ts";
import type { BuildRequest, Contender } from "./contender.ts";
import { watchMachine } from "./machine.ts";
import { measureGrowth } from "./registry-growth.ts";
import type { Measurement, Scenario } from "./result.ts";

/** One pass over an app: every contender does the same, in turn, in a registry that began empty. */
export interface Round {
  readonly app: BenchApp;
  /** From 1. */
  readonly number: number;
  readonly contenders: readonly Contender[];
  readonly registry: Registry;
  readonly index: Pick<FrozenIndex, "bytesServed">;
  /** What is measured; a first build is made, and measured, in any case. */
  readonly scenarios: ReadonlySet<Scenario>;
  /** Of the app's, those to measure. */
  readonly additions: readonly string[];
  /** Also on machines without local state. */
  readonly fresh: boolean;
  /** Also into the engine. */
  readonly engine: boolean;
  /** A folder on the file system that engine, registry and BuildKit write to. */
  readonly disk: string;
  /** Puts a patched base image in the registry, under the names that the contenders use. */
  readonly patchBase: () => Promise<void>;
  /** Called when every contender has an image of the app as it is. */
  readonly onImages?: (images: ReadonlyMap<Contender, string>) => Promise<void>;
  readonly onMeasurement: (measurement: Measurement) => void;
}

/** Measures all that is asked for; tells of each build as soon as it is done. */
export async function runRound(round: Round): Promise<void> {
  const { app, scenarios } = round;
  const folder = await copyApp(app);
  const images = imagesBelow(round, `${round.registry.address}/bench`);
  const warm = situation(round, { folder, images, machine: "warm", target: "registry" });

  await warm("cold");
  await round.onImages?.(images);
  if (scenarios.has("unchanged")) await warm("unchanged");
  if (scenarios.has("edit")) {
    await editSource(folder);
    await warm("edit");
  }
  await measureSecondApp(round, images);
  if (scenarios.has("add")) {
    for (const line of round.additions) {
      await addRequirement(folder, app, line);
      await warm("add", line);
    }
  }
  if (scenarios.has("upgrade-small")) {
    await replaceRequirement(folder, app, app.smallUpgrade);
    await warm("upgrade-small", app.smallUpgrade.after);
  }
  if (scenarios.has("upgrade-heavy") && app.heavyUpgrade !== undefined) {
    await replaceRequirement(folder, app, app.heavyUpgrade);
    await warm("upgrade-heavy", app.heavyUpgrade.after);
  }
  const freshly = ["unchanged", "edit", "add"] as const;
  if (round.fresh && freshly.some((scenario) => scenarios.has(scenario))) {
    await measureFresh(round, folder, images);
  }
  if (scenarios.has("rebase")) {
    await round.patchBase();
    await warm("rebase");
  }
  for (const [contender, image] of images) await contender.forget(image);
  if (round.engine) await measureEngine(round);
}

/** Each build begins with the base images and the builder, and with what is in the registry. */
async function measureFresh(
  round: Round,
  folder: string,
  images: ReadonlyMap<Contender, string>,
): Promise<void> {
  const fresh = situation(round, { folder, images, machine: "fresh", target: "registry" });
  // What a Dockerfile's build begins from is left in the registry by the one before, if told so.
  for (const [contender, image] of images) {
    await contender.build({ folder, image, target: "registry", fresh: true });
  }
  if (round.scenarios.has("unchanged")) await fresh("unchanged");
  if (round.scenarios.has("edit")) {
    await editSource(folder);
    await fresh("edit");
  }
  if (round.scenarios.has("add")) {
    await addRequirement(folder, round.app, round.app.freshAddition);
    await fresh("add", round.app.freshAddition);
  }
}

async function measureEngine(round: Round): Promise<void> {
  const folder = await copyApp(round.app);
  const images = imagesBelow(round, "ml-buildpacks-bench");
  const engine = situation(round, { folder, images, machine: "warm", target: "engine" });
  await engine("cold");
  if (round.scenarios.has("unchanged")) await engine("unchanged");
  if (round.scenarios.has("edit")) {
    await editSource(folder);
    await engine("edit");
  }
  const [line] = round.additions;
  if (round.scenarios.has("add") && line !== undefined) {
    await addRequirement(folder, round.app, line);
    await engine("add", line);
  }
  for (const [contender, image] of images) await contender.forget(image);
}

/** Another app with the same heavy packages: without an image to begin from, and seeded by the first one's. */
async function measureSecondApp(
  round: Round,
  images: ReadonlyMap<Contender, string>,
): Promise<void> {
  const folder = await copyApp(round.app);
  await useSecondApp(folder, round.app);
  for (const scenario of ["second-app", "seeded"] as const) {
    if (!round.scenarios.has(scenario)) continue;
    for (const [contender, first] of images) {
      // A Dockerfile has no other image to begin from.
      if (scenario === "seeded" && !contender.takesSeeds) continue;
      const image = `${first}-${scenario}`;
      await measureBuild(round, {
        ...{ scenario, contender, machine: "warm" },
        request: {
          ...{ folder, image, target: "registry" },
          ...(scenario === "seeded" ? { seed: first } : {}),
        },
      });
    }
  }
}

/** Gives a function that measures one scenario for each contender, in turn. */
function situation(
  round: Round,
  where: {
    readonly folder: string;
    readonly images: ReadonlyMap<Contender, string>;
    readonly machine: Measurement["machine"];
    readonly target: Measurement["target"];
  },
): (scenario: Scenario, detail?: string) => Promise<void> {
  const { folder, images, machine, target } = where;
  return async (scenario, detail) => {
    for (const [contender, image] of images) {
      if (machine === "fresh" || scenario === "cold") await contender.renew(image);
      const request = { folder, image, target, fresh: machine === "fresh" };
      if (contender.only?.has(scenario) !== false) {
        await measureBuild(round, { scenario, detail, contender, machine, request });
      } else if (scenario === "cold") {
        await contender.build(request);
      }
    }
  };
}

async function measureBuild(
  round: Round,
  build: Pick<Measurement, "scenario" | "machine"> & {
    readonly detail?: string | undefined;
    readonly contender: Contender;
    readonly request: BuildRequest;
  },
): Promise<void> {
  const { scenario, detail, machine, contender, request } = build;
  // What was written before it would slow it down while it goes to the disk.
  await read("sync", []);
  const served = round.index.bytesServed();
  const action = scenario === "rebase" ? contender.rebase : contender.build;
  const watched = () => watchMachine(round.disk, () => action(request));
  const { result, growth } =
    request.target === "registry"
      ? await measureGrowth(round.registry, request.image, watched)
      : { result: await watched(), growth: { bytes: 0, layers: 0 } };
  const measurement: Measurement = {
    ...{ app: round.app.name, scenario, machine, target: request.target },
    ...(detail === undefined ? {} : { detail }),
    ...{ contender: contender.name, round: round.number },
    cost: {
      ...result.spent,
      phases: [...result.result],
      downloadedBytes: round.index.bytesServed() - served,
      pushedBytes: growth.bytes,
      pushedLayers: growth.layers,
    },
  };
  round.onMeasurement(measurement);
}

function imagesBelow({ app, contenders }: Round, prefix: string): ReadonlyMap<Contender, string> {
  return new Map(
    contenders.map((contender) => [contender, `${prefix}/${app.name}-${contender.name}`]),
  );
}

async function copyApp(app: BenchApp): Promise<string> {
  const folder = join(await makeTemporaryFolder(), app.name);
  await cp(app.folder, folder, { recursive: true });
  return folder;
}
