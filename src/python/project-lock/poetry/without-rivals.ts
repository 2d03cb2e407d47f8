import { normalizeName } from "../../lock.ts";
import type { MarkerEnvironment } from "../../markers.ts";
import { type Dependency, isActive, listDependencies } from "./dependency.ts";
import { fits } from "./fits.ts";
import type { LockedPackage } from "./lock-file.ts";

/**
 * Of several versions of a package whose markers all hold here, the one that fits whoever asks for
 * it. Poetry writes such locks where packages ask by different words for the same platform
 * (`sys_platform`, `platform_system`), as torch and CUDA's libraries do. What stays is left as it is.
 */
export function withoutRivals(
  chosen: readonly LockedPackage[],
  environment: MarkerEnvironment,
): readonly LockedPackage[] {
  const counts = new Map<string, number>();
  for (const { name } of chosen) {
    counts.set(normalizeName(name), (counts.get(normalizeName(name)) ?? 0) + 1);
  }
  if (counts.size === chosen.length) return chosen;
  const demands = demandsOf(chosen, environment);
  return chosen.filter((item) => {
    const name = normalizeName(item.name);
    if (counts.get(name) === 1) return true;
    const rivals = chosen.filter((one) => normalizeName(one.name) === name);
    const fitting = rivals.filter((one) =>
      demands.every((demand) => demand.name !== name || fits(demand, one)),
    );
    return fitting.length === 0 || fitting.includes(item);
  });
}

/** What the packages ask for here, with the extras that others ask of them. */
function demandsOf(
  chosen: readonly LockedPackage[],
  environment: MarkerEnvironment,
): readonly Dependency[] {
  const extras = new Map<string, ReadonlySet<string>>();
  for (;;) {
    const demands = chosen.flatMap((item) => {
      const own = [...(extras.get(normalizeName(item.name)) ?? [])];
      const sets = { ...environment.sets, extras: own };
      return listDependencies(item.dependencies).filter((one) =>
        isActive(one, { ...environment, sets }),
      );
    });
    if (!addExtras(extras, demands)) return demands;
  }
}

/** Whether there are more than before. */
function addExtras(
  extras: Map<string, ReadonlySet<string>>,
  demands: readonly Dependency[],
): boolean {
  let isMore = false;
  for (const { name, extras: asked } of demands) {
    const before = extras.get(name) ?? new Set();
    const after = new Set([...before, ...asked]);
    if (after.size > before.size) isMore = true;
    extras.set(name, after);
  }
  return isMore;
}
