import { sameValue } from "../../cnb/layer.ts";
import type { Distribution } from "../lock.ts";
import {
  type Reasons,
  reasonOfNew,
  reasonsAgainst,
  reasonsOfPlan,
  type Wanted,
} from "./discarding.ts";
import type { Footprint } from "./footprint.ts";
import type { MadeLayer } from "./layer-metadata.ts";
import { type LayerPlan, planLayers } from "./layer-plan.ts";
import { likelyLayerOf, splitByWeight } from "./split.ts";

/** The layers that the lock makes, and which of them stand as an earlier build left them. */
export interface Settled {
  readonly plans: ReadonlyMap<string, LayerPlan>;
  readonly standing: ReadonlySet<string>;
  readonly footprints: ReadonlyMap<string, Footprint>;
}

export interface SettleOptions extends Wanted {
  readonly mostHeavyLayers: number;
  readonly needsLibraryPath: boolean;
  readonly found: readonly MadeLayer[];
  /** Installs distributions and says what they turned out to be. */
  readonly install: (
    distributions: readonly Distribution[],
  ) => Promise<ReadonlyMap<string, Footprint>>;
  /** Told before anything is installed in place of the layers that can't stand, of those that might have. */
  readonly discarding: (reasons: Reasons, of: readonly string[]) => void;
}

/**
 * Installs what no layer holds and decides where everything goes. What is learned from the
 * installed files may show that a layer that seemed to hold would be made otherwise today; its
 * distributions are then installed, too, so that the result never depends on earlier builds.
 */
export async function settle(options: SettleOptions): Promise<Settled> {
  const { lock, install, mostHeavyLayers } = options;
  const earlier = new Set(options.found.flatMap(({ plan }) => plan.members));
  const added = lock.map(({ name }) => name).filter((name) => !earlier.has(name));
  let standing = sift(options.found, options, (layer) => [
    ...reasonsAgainst(layer, options),
    // Installed at once with those that will be beside them; a wrong guess costs the time for that.
    ...reasonOfNew(
      added.filter((name) => likelyLayerOf(name, mostHeavyLayers) === layer.plan.name),
    ),
  ]);
  const installed = new Map<string, Footprint>();
  for (;;) {
    const known = knownFootprints(standing, installed);
    const missing = lock.filter(({ name }) => !known.has(name));
    if (missing.length > 0) {
      for (const [name, footprint] of await install(missing)) installed.set(name, footprint);
    }
    const footprints = knownFootprints(standing, installed);
    const split = splitByWeight(footprints, mostHeavyLayers);
    const plans = planLayers(split, footprints, options);
    const still = sift(standing, options, ({ plan }) => {
      const now = plans.get(plan.name);
      return sameValue(plan, now) ? [] : reasonsOfPlan(plan, now);
    });
    if (still.length === standing.length) {
      return { plans, standing: new Set(still.map(({ plan }) => plan.name)), footprints };
    }
    standing = still;
  }
}

/** The layers that nothing speaks against. */
function sift(
  layers: readonly MadeLayer[],
  { discarding }: Pick<SettleOptions, "discarding">,
  reasonsFor: (layer: MadeLayer) => readonly string[],
): readonly MadeLayer[] {
  const reasons = new Map(
    layers
      .map((layer) => [layer.plan.name, reasonsFor(layer)] as const)
      .filter(([, all]) => all.length > 0),
  );
  if (reasons.size > 0)
    discarding(
      reasons,
      layers.map(({ plan }) => plan.name),
    );
  return layers.filter(({ plan }) => !reasons.has(plan.name));
}

/** Sorted, so that no order of events shows in what follows from it. */
function knownFootprints(
  standing: readonly MadeLayer[],
  installed: ReadonlyMap<string, Footprint>,
): ReadonlyMap<string, Footprint> {
  const all = [...standing.flatMap(({ footprints }) => [...footprints]), ...installed];
  return new Map(all.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
