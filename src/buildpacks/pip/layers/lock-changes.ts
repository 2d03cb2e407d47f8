import type { EmptyCause, FactChange } from "../../../cnb/layer.ts";
import { changedEntries, describeEntry } from "../../../kit/changed-entries.ts";
import { describeChange, type Log } from "../../../kit/log.ts";

/** Says why the lock is made anew. Of `handed`, another manager's file, only its pip section counts. */
export function tellDiscarded(log: Log, cause: EmptyCause, handed: string | undefined): void {
  const hasFile = cause.kind === "outdated" && cause.changes.some(({ fact }) => fact === "files");
  log.discarding("cached lock", cause, (change) => {
    // The text with its variables changes with the file, too.
    if (change.fact === "expanded" && hasFile) return [];
    return describe(change, handed);
  });
}

function describe(change: FactChange, handed: string | undefined): readonly string[] {
  const { fact } = change;
  if (fact !== "files" && fact !== "local" && fact !== "nested") return [describeChange(change)];
  return (
    changedEntries(change)
      // One that the app's files name by now is told as such.
      .filter(({ wanted }) => fact !== "nested" || wanted !== undefined)
      .map((entry) =>
        describeEntry({ ...entry, name: nameOf(entry.name, handed) }, "is not used any more"),
      )
  );
}

function nameOf(path: string, handed: string | undefined): string {
  if (path === handed) return `The pip section of ${path}`;
  return path === "." ? "the app's own package" : path;
}
