import { normalizeName } from "../../lock.ts";
import { isTrue } from "./dependency.ts";
import type { LockedPackage } from "./lock-file.ts";
import type { Wanted } from "./wanted.ts";
import { withoutRivals } from "./without-rivals.ts";

/**
 * Of lock-version 2.1: each package says for which groups it is, and when. Throws a MarkerError.
 * https://github.com/python-poetry/poetry/blob/2.5.1/src/poetry/puzzle/transaction.py
 */
export function selectByGroups(
  packages: readonly LockedPackage[],
  { groups, environment }: Wanted,
): readonly LockedPackage[] {
  const chosen = packages.filter((item) =>
    (item.groups ?? []).some((group) => {
      const marker = typeof item.markers === "string" ? item.markers : item.markers?.[group];
      return (
        groups.has(normalizeName(group)) && (marker === undefined || isTrue(marker, environment))
      );
    }),
  );
  return withoutRivals(chosen, environment);
}
