import { type IndexAccess, lookUpNames } from "./index-lookup.ts";

/** A package and the index that it is taken from. */
export interface Taken {
  /** Normalised. */
  readonly name: string;
  readonly version: string;
  readonly index: string;
}

export interface SharedName extends Taken {
  /** The other indexes that have the name; never empty. */
  readonly others: readonly string[];
}

export interface SharedNames {
  readonly shared: readonly SharedName[];
  /** Packages that were not asked for, since they are too many. */
  readonly skipped: number;
}

/** Asks each of the indexes for the names that are taken from another one. */
export async function findSharedNames(
  taken: readonly Taken[],
  indexes: readonly string[],
  access: IndexAccess,
): Promise<SharedNames> {
  const asked = taken.slice(0, MOST_ASKED);
  const pages = asked.flatMap(({ name, index }) =>
    indexes.filter((other) => other !== index).map((other) => pageOf(other, name)),
  );
  const found = await lookUpNames(pages, access);
  const shared = asked.flatMap((one) => {
    const others = indexes.filter((other) => found.has(pageOf(other, one.name)));
    return others.length === 0 ? [] : [{ ...one, others }];
  });
  return { shared, skipped: taken.length - asked.length };
}

/** A second or two for an index that answers; few apps have more packages. */
const MOST_ASKED = 400;

function pageOf(index: string, name: string): string {
  return `${index.replace(/\/+$/, "")}/${name}/`;
}
