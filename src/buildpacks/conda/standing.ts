import type { FoundLayer } from "../../cnb/layer.ts";
import { type CondaLock, pythonIn } from "../../conda/lock.ts";
import type { EnvironmentOptions } from "./layers/environment.ts";
import { type HeavyFacts, isSameHeavy, readHeavy } from "./layers/heavy-package.ts";
import { findLightPart } from "./layers/light-parts.ts";

/** A heavy package whose layer an earlier build has left, without its contents. */
export interface Standing {
  readonly layer: string;
  readonly kilobytes: number;
  /** Absolute path of the archive of what the package has outside of its layer. */
  readonly archive: string;
}

/** What decides the bytes of a heavy package's layer besides the package. */
export function commonFacts(
  { layersDir }: { readonly layersDir: string },
  packages: CondaLock,
  { keep, linkScripts }: EnvironmentOptions,
): Omit<HeavyFacts, "package"> {
  return { layersDir, keep, linkScripts, python: pythonIn(packages)?.tag };
}

/**
 * The heavy packages whose layers are what would be made today. None where packages' scripts are
 * run: what they change is nobody's, and made by running them all.
 */
export async function findStanding(
  packages: CondaLock,
  found: ReadonlyMap<string, FoundLayer>,
  facts: Omit<HeavyFacts, "package">,
): Promise<ReadonlyMap<string, Standing>> {
  const standing = new Map<string, Standing>();
  if (facts.linkScripts) return standing;
  for (const layer of found.values()) {
    const made = readHeavy(layer);
    const one = packages.find(({ name }) => name === made?.name);
    if (made === undefined || one === undefined) continue;
    const archive = await findLightPart({ package: one, ...facts });
    if (archive === undefined || !isSameHeavy(layer, { package: one, ...facts })) continue;
    standing.set(one.name, { layer: layer.name, kilobytes: made.kilobytes, archive });
  }
  return standing;
}
