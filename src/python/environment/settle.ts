import { sameValue } from "../../cnb/layer.ts";
import type { Interpreter } from "../interpreter.ts";
import type { Distribution, Lock } from "../lock.ts";
import { isSource } from "../wheels/source.ts";
import type { Footprint } from "./footprint.ts";
import { type MadeLayer, type MadeWith, sameDistribution } from "./layer-metadata.ts";
import { type LayerPlan, planLayers } from "./layer-plan.ts";
import { ENVIRONMENT_LAYER } from "./paths.ts";
import { splitByWeight } from "./split.ts";

/** The layers that the lock makes, and which of them stand as an earlier build left them. */
export interface Settled {
  readonly plans: ReadonlyMap<string, LayerPlan>;
  readonly standing: ReadonlySet<string>;
  readonly footprints: ReadonlyMap<string, Footprint>;
}

export interface SettleOptions {
  readonly lock: Lock;
  readonly interpreter: Interpreter;
  readonly madeWith: MadeWith;
  readonly mostHeavyLayers: number;
  readonly found: readonly MadeLayer[];
  /** Installs distributions and says what they turned out to be. */
  readonly install: (
    distributions: readonly Distribution[],
  ) => Promise<ReadonlyMap<string, Footprint>>;
}

/**
 * Installs what no layer holds and decides where everything goes. What is learned from the
 * installed files may show that a layer that seemed to hold would be made otherwise today; its
 * distributions are then installed, too, so that the result never depends on earlier builds.
 */
export async function settle(options: SettleOptions): Promise<Settled> {
  const { lock, interpreter, mostHeavyLayers, install } = options;
  let standing = options.found.filter((layer) => holds(layer, options));
  // A name that no layer has had goes into the environment, or has a layer that the environment
  // must name. Known beforehand, everything is installed at once.
  const earlier = new Set(options.found.flatMap(({ plan }) => plan.members));
  if (lock.some(({ name }) => !earlier.has(name))) {
    standing = standing.filter(({ plan }) => plan.name !== ENVIRONMENT_LAYER);
  }
  const installed = new Map<string, Footprint>();
  for (;;) {
    const known = knownFootprints(standing, installed);
    const missing = lock.filter(({ name }) => !known.has(name));
    if (missing.length > 0) {
      for (const [name, footprint] of await install(missing)) installed.set(name, footprint);
    }
    const footprints = knownFootprints(standing, installed);
    const split = splitByWeight(footprints, mostHeavyLayers);
    const plans = planLayers(split, footprints, interpreter);
    const still = standing.filter(({ plan }) => sameValue(plan, plans.get(plan.name)));
    if (still.length === standing.length) {
      return { plans, standing: new Set(still.map(({ plan }) => plan.name)), footprints };
    }
    standing = still;
  }
}

/** Whether everything in a layer is wanted as it is, and would be made the same today. */
function holds(
  layer: MadeLayer,
  { lock, madeWith, interpreter }: Pick<SettleOptions, "lock" | "madeWith" | "interpreter">,
): boolean {
  const { builtAgainst, ...made } = layer.madeWith;
  const { builtAgainst: wantedBuiltAgainst, ...wanted } = madeWith;
  if (!sameValue(made, wanted)) return false;
  const fromSource = layer.distributions.some(isSource);
  if (fromSource && !sameValue(builtAgainst, wantedBuiltAgainst)) return false;
  if (layer.plan.name === ENVIRONMENT_LAYER && layer.interpreter !== interpreter.path) return false;
  const locked = new Map(lock.map((distribution) => [distribution.name, distribution]));
  return layer.distributions.every((distribution) => {
    const wantedNow = locked.get(distribution.name);
    return wantedNow !== undefined && sameDistribution(wantedNow, distribution);
  });
}

/** Sorted, so that no order of events shows in what follows from it. */
function knownFootprints(
  standing: readonly MadeLayer[],
  installed: ReadonlyMap<string, Footprint>,
): ReadonlyMap<string, Footprint> {
  const all = [...standing.flatMap(({ footprints }) => [...footprints]), ...installed];
  return new Map(all.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
