import { normalizeName } from "../lock.ts";

interface Told<Item> {
  readonly nameOf: (item: Item) => string;
  /** What tells it from others of its name: "1.0". */
  readonly describe: (item: Item) => string;
  /** Whether two of one name are one distribution, of which the first is taken; never by default. */
  readonly isSame?: (first: Item, second: Item) => boolean;
  readonly invalid: (issue: string) => Error;
}

/**
 * The items, each name once. Throws what `invalid` makes of others: an environment holds one version,
 * which extras, groups or markers that exclude each other would not have.
 */
export function onceEach<Item>(
  items: readonly Item[],
  { nameOf, describe, isSame = () => false, invalid }: Told<Item>,
): readonly Item[] {
  const byName = new Map<string, Item>();
  for (const item of items) {
    const name = normalizeName(nameOf(item));
    const other = byName.get(name);
    if (other === undefined) byName.set(name, item);
    else if (!isSame(other, item)) {
      const [first, second] = [other, item].map((one) => [name, describe(one)].join(" ").trim());
      throw invalid(
        `${first} and ${second}, both for this Python and platform with these groups and extras`,
      );
    }
  }
  return [...byName.values()];
}
