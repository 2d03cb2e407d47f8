import { normalizeName } from "../../lock.ts";
import { evaluateMarker, type MarkerEnvironment, MarkerError } from "../../markers.ts";
import { invalid, type LockedEntry, type PipenvLock } from "./lock-file.ts";

/** What of several categories is installed here, each package once, by its normalised name. */
export function selectEntries(
  { sections }: PipenvLock,
  chosen: readonly string[],
  environment: MarkerEnvironment,
): ReadonlyMap<string, LockedEntry> {
  const selected = new Map<string, { readonly entry: LockedEntry; readonly section: string }>();
  for (const section of chosen) {
    for (const [written, entry] of Object.entries(sections[section] ?? {})) {
      if (!holds(entry.markers, environment)) continue;
      const name = normalizeName(written);
      const other = selected.get(name);
      if (other !== undefined && describe(other.entry) !== describe(entry)) {
        const issue = `${name} ${describe(other.entry)} in "${other.section}" and ${name} ${describe(entry)} in "${section}", of which one can be installed`;
        throw invalid(undefined, issue);
      }
      if (other === undefined) selected.set(name, { entry, section });
    }
  }
  return new Map([...selected].map(([name, { entry }]) => [name, entry]));
}

function describe({ version, git, ref, file, path }: LockedEntry): string {
  return [version, git, ref, file, path].filter((part) => typeof part === "string").join(" ");
}

function holds(marker: string | undefined, environment: MarkerEnvironment): boolean {
  try {
    return marker === undefined || marker === "" || evaluateMarker(marker, environment);
  } catch (error) {
    if (!(error instanceof MarkerError)) throw error;
    throw invalid(undefined, error.message, error);
  }
}
