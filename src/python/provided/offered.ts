import { satisfies, valid } from "@renovatebot/pep440";
import type { Requirement } from "../requirements/requirement.ts";
import type { Provided } from "./provided.ts";

/** How the provided packages go together with what pip is asked for. */
export interface Offered {
  /** Those that a resolution takes as they are: versions by names. */
  readonly packages: ReadonlyMap<string, string>;
  /** Of those, what the app asks pip for, too. */
  readonly skipped: readonly Requirement[];
}

/**
 * A package that pip is asked for in another version, or from another place, is not offered: pip's
 * own then lies in the environment before it. `wishes` are requirements and constraints that apply
 * here.
 */
export function offer(
  { packages }: Provided,
  wishes: {
    readonly requirements: readonly Requirement[];
    readonly constraints: readonly Requirement[];
  },
): Offered {
  const unfit = new Set(
    [...wishes.requirements, ...wishes.constraints]
      .filter(({ name, source }) => {
        const version = name === undefined ? undefined : packages.get(name);
        return version !== undefined && !fits(version, source);
      })
      .map(({ name }) => name),
  );
  // A resolver knows no other versions than those of PEP 440.
  const offered = [...packages].filter(
    ([name, version]) => valid(version) !== null && !unfit.has(name),
  );
  const all = new Map(offered);
  return {
    packages: all,
    skipped: wishes.requirements.filter(({ name }) => name !== undefined && all.has(name)),
  };
}

/** A pre-release that is there is good enough, as with pip. */
function fits(version: string, source: Requirement["source"]): boolean {
  if (source.kind !== "index") return false;
  return source.specifier === "" || satisfies(version, source.specifier, { prereleases: true });
}
