import type { FactChange } from "../cnb/layer.ts";

/** One entry of a table of texts that differs; undefined where one side lacks it. */
export interface ChangedEntry {
  readonly name: string;
  readonly found: string | undefined;
  readonly wanted: string | undefined;
}

/**
 * Of a fact that is a table, each entry that differs, those that are gone last. A list counts as a
 * table of its items. What an earlier build left may have any form: what is no table has no entries.
 */
export function changedEntries(
  change: Pick<FactChange, "found" | "wanted">,
): readonly ChangedEntry[] {
  const [found, wanted] = [tableOf(change.found), tableOf(change.wanted)];
  return [...new Set([...wanted.keys(), ...found.keys()])]
    .map((name) => ({ name, found: found.get(name), wanted: wanted.get(name) }))
    .filter((entry) => entry.found !== entry.wanted);
}

/** "requirements.txt has changed": digests, of which most tables are, say nothing to a reader. */
export function describeEntry(
  { name, found, wanted }: ChangedEntry,
  whenGone: string = "is gone",
): string {
  if (found === undefined) return `${name} is new`;
  return wanted === undefined ? `${name} ${whenGone}` : `${name} has changed`;
}

function tableOf(value: unknown): ReadonlyMap<string, string> {
  if (Array.isArray(value)) return new Map(value.map((item) => [String(item), "listed"]));
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return new Map(
    entries.flatMap(([name, one]) => (typeof one === "string" ? [[name, one] as const] : [])),
  );
}
