import { read } from "../scripts/lib/command.ts";
import type { Registry } from "../scripts/lib/registry.ts";
import { copyApp, useSecondApp } from "./apps/changes.ts";
import {
  enginePackageSteps,
  freshPackageSteps,
  packageSteps,
  sourceSteps,
  type Step,
} from "./apps/steps.ts";
import type { BenchApp } from "./apps.ts";
import type { BuildRequest, Contender } from "./contender.ts";
import type { FrozenIndex } from "./frozen-index.ts";
import { watchMachine } from "./machine.ts";
import { measureGrowth } from "./registry-growth.ts";
import type { Measurement, RoundPlan, Scenario } from "./result.ts";

/** One pass over an app: every contender does the same, in turn, in a registry that began empty. */
export interface Round {
  readonly app: BenchApp;
  /** From 1. */
  readonly number: number;
  /** What is measured; a first build is made, and measured, in any case. */
  readonly plan: Pick<RoundPlan, "scenarios" | "additions" | "fresh" | "engine">;
  readonly contenders: readonly Contender[];
  readonly registry: Pick<Registry, "address" | "storage" | "remember">;
  readonly index: Pick<FrozenIndex, "bytesServed">;
  /** Puts a patched base image in the registry, under the names that the contenders use. */
  readonly patchBase: () => Promise<void>;
  /**
   * Called when every contender has an image of the app as it is; gives what is left to do with them
   * when no build is measured any more.
   */
  readonly onImages: (images: ReadonlyMap<Contender, string>) => Promise<() => Promise<void>>;
  readonly onMeasurement: (measurement: Measurement) => void;
}

/** Measures all that is asked for; tells of each build as soon as it is done. */
export async function runRound(round: Round): Promise<void> {
  const { app, plan } = round;
  const folder = await copyApp(app);
  const images = imagesBelow(round, `${round.registry.address}/bench`);
  const warm = situation(round, { folder, images, machine: "warm", target: "registry" });

  await warm([COLD]);
  const finish = await round.onImages(images);
  await warm(sourceSteps(plan));
  await measureSecondApp(round, images);
  await warm(packageSteps(app, plan));
  if (plan.fresh) await measureFresh(round, folder, images);
  if (plan.scenarios.includes("rebase")) {
    await warm([{ scenario: "rebase", change: round.patchBase }]);
  }
  for (const [contender, image] of images) await contender.forget(image);
  if (plan.engine) await measureEngine(round);
  await finish();
}

const COLD: Step = { scenario: "cold", change: async () => {} };

/** From the n-th on, and then those before it: nobody is first in every round. */
export function rotate<T>(values: readonly T[], by: number): readonly T[] {
  const start = by % Math.max(values.length, 1);
  return [...values.slice(start), ...values.slice(0, start)];
}

/** Each build begins with the base images and the builder, and with what is in the registry. */
async function measureFresh(
  round: Round,
  folder: string,
  images: ReadonlyMap<Contender, string>,
): Promise<void> {
  const { app, plan } = round;
  const steps = [...sourceSteps(plan), ...freshPackageSteps(app, plan)];
  if (steps.length === 0) return;
  // What a Dockerfile's build begins from is left in the registry by the one before, if told so.
  for (const [contender, image] of images) {
    await contender.build({ folder, image, target: "registry", fresh: true });
  }
  await situation(round, { folder, images, machine: "fresh", target: "registry" })(steps);
}

async function measureEngine(round: Round): Promise<void> {
  const { app, plan } = round;
  const folder = await copyApp(app);
  const images = imagesBelow(round, "ml-buildpacks-bench");
  const engine = situation(round, { folder, images, machine: "warm", target: "engine" });
  await engine([COLD, ...sourceSteps(plan), ...enginePackageSteps(app, plan)]);
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
    if (!round.plan.scenarios.includes(scenario)) continue;
    // Both are one app, which then has nothing left to push; nor shall builds after it find its layers.
    const restore = await round.registry.remember();
    for (const [contender, first] of images) {
      if (!takesPart(contender, scenario)) continue;
      const image = `${first}-${scenario}`;
      await measureBuild(round, {
        ...{ scenario, contender, machine: "warm" },
        request: {
          ...{ folder, image, target: "registry" },
          ...(scenario === "seeded" ? { seed: first } : {}),
        },
      });
    }
    await restore();
  }
}

function takesPart({ only, takesSeeds }: Contender, scenario: Scenario): boolean {
  if (scenario === "seeded" && !takesSeeds) return false;
  return only?.has(scenario) ?? true;
}

/** Gives a function that goes through steps, each of which is measured for each contender, in turn. */
function situation(
  round: Round,
  where: {
    readonly folder: string;
    readonly images: ReadonlyMap<Contender, string>;
    readonly machine: Measurement["machine"];
    readonly target: Measurement["target"];
  },
): (steps: readonly Step[]) => Promise<void> {
  const { folder, images, machine, target } = where;
  return async (steps) => {
    for (const { scenario, detail, change } of steps) {
      await change(folder);
      for (const [contender, image] of images) {
        const isMeasured = takesPart(contender, scenario);
        // Without a first image there would be nothing to measure later.
        if (!isMeasured && scenario !== "cold") continue;
        if (machine === "fresh" || scenario === "cold") await contender.renew(image);
        const request = { folder, image, target, fresh: machine === "fresh" };
        if (isMeasured) {
          await measureBuild(round, { scenario, detail, contender, machine, request });
        } else {
          await contender.build(request);
        }
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
  const watched = () => watchMachine(round.registry.storage, () => action(request));
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
