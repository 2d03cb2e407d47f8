import { normalizeName } from "../../lock.ts";
import { parseRequirementParts } from "../../requirements/requirement.ts";

/** What of a dependency's line finds its package in the lock. */
export interface Wanted {
  readonly name: string;
  /** Normalised and sorted. */
  readonly extras: readonly string[];
  /** Empty where any version will do, or a place says it. */
  readonly specifier: string;
  readonly marker: string | undefined;
}

/**
 * "name[extra]>=1; marker", "name @ file:///${PROJECT_ROOT}/lib" or "-e file:///…#egg=name", as PDM
 * writes them; undefined for anything else.
 */
export function parseWanted(line: string): Wanted | undefined {
  const egg = /^-e\s.*#(?:.*&)?egg=([\w.-]+)(?:\[([^\]]*)\])?/.exec(line);
  if (egg !== null) {
    const [, name = "", extras = ""] = egg;
    return wanted(name, extras.split(","), "", undefined);
  }
  const parts = parseRequirementParts(line);
  if (parts === undefined || "issue" in parts) return undefined;
  return wanted(parts.name, parts.extras, parts.specifier, parts.marker);
}

function wanted(
  name: string,
  extras: readonly string[],
  specifier: string,
  marker: string | undefined,
): Wanted {
  const normalized = extras.map((extra) => normalizeName(extra.trim())).filter((one) => one !== "");
  return { name: normalizeName(name), extras: normalized.sort(), specifier, marker };
}
