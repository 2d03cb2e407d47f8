import type { BuildContext } from "./buildpack.ts";
import { dayIn } from "./lock-age.ts";
import { epochOf } from "./lock-epoch.ts";
import { readUpgrades, type Upgrades } from "./upgrades.ts";

/** What the settings leave of an earlier lock's versions. */
export interface Renewal<One> {
  /** What the lock's layer compares. */
  readonly facts: { readonly epoch: string | undefined; readonly upgrade?: string };
  readonly isSameEpoch: boolean;
  readonly upgrades: Upgrades;
  /** Packages of the earlier lock whose versions are kept where they fit; none with a new epoch. */
  readonly preferences: readonly One[];
  /** The UTC day of those versions, "2026-11-22"; unknown of earlier forms of the layer. */
  readonly made: string | undefined;
}

export const RENEWAL_LABELS = { epoch: "BP_LOCK_EPOCH", upgrade: "BP_UPGRADE_PACKAGES" } as const;

interface EarlierLock<One> {
  /** The metadata of its layer. */
  readonly found: Readonly<Record<string, unknown>> | undefined;
  readonly packages: readonly One[];
}

/** `normalize` gives a name of BP_UPGRADE_PACKAGES the form that it has in the lock. */
export function readRenewal<One extends { readonly name: string }>(
  { settings }: Pick<BuildContext, "settings">,
  { found, packages }: EarlierLock<One>,
  normalize?: (name: string) => string,
): Renewal<One> {
  const epoch = epochOf({ settings }, found);
  const isSameEpoch = found !== undefined && found["epoch"] === epoch;
  const names = packages.map(({ name }) => name);
  const upgrades = readUpgrades(settings, { found, names }, normalize);
  return {
    facts: { epoch, ...upgrades.fact },
    isSameEpoch,
    upgrades,
    preferences: isSameEpoch ? packages.filter(({ name }) => !upgrades.names.has(name)) : [],
    made: dayIn(found),
  };
}
