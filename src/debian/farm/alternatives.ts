import type { Alternative } from "../package-index.ts";

export interface Offer {
  /** The package that offers it. */
  readonly owner: string;
  readonly alternative: Alternative;
}

/**
 * Of each name the alternative that update-alternatives would choose by itself: the highest
 * priority, the first path where several have it; only those whose file is there. Sorted by name.
 */
export function chooseAlternatives(
  offers: readonly Offer[],
  exists: (path: string) => boolean,
): readonly Offer[] {
  const best = new Map<string, Offer>();
  for (const offer of offers) {
    if (!exists(offer.alternative.path)) continue;
    const rival = best.get(offer.alternative.name);
    if (rival === undefined || isBetter(offer.alternative, rival.alternative)) {
      best.set(offer.alternative.name, offer);
    }
  }
  return [...best.values()].sort((a, b) => (a.alternative.name < b.alternative.name ? -1 : 1));
}

function isBetter(one: Alternative, other: Alternative): boolean {
  if (one.priority !== other.priority) return one.priority > other.priority;
  return one.path < other.path;
}
