import { normalizeName } from "../../lock.ts";
import type { MarkerEnvironment } from "../../markers.ts";
import { markerHolds } from "../marker-holds.ts";
import { onceEach } from "../once-each.ts";
import { invalid, type LockedEntry, type PipenvLock } from "./lock-file.ts";

/** What of several categories is installed here, each package once, by its normalised name. */
export function selectEntries(
  { sections }: PipenvLock,
  chosen: readonly string[],
  environment: MarkerEnvironment,
): ReadonlyMap<string, LockedEntry> {
  const holding = chosen
    .flatMap((section) =>
      Object.entries(sections[section] ?? {}).map(([name, entry]) => ({ name, entry, section })),
    )
    .filter(({ entry }) => markerHolds(entry.markers, environment, unreadable));
  const selected = onceEach(holding, {
    nameOf: ({ name }) => name,
    describe: ({ entry, section }) => `${describe(entry)} in "${section}"`,
    isSame: (first, second) => describe(first.entry) === describe(second.entry),
    invalid: unreadable,
  });
  return new Map(selected.map(({ name, entry }) => [normalizeName(name), entry]));
}

function describe({ version, git, ref, file, path }: LockedEntry): string {
  return [version, git, ref, file, path].filter((part) => typeof part === "string").join(" ");
}

function unreadable(issue: string, cause?: unknown): Error {
  return invalid(undefined, issue, cause);
}
