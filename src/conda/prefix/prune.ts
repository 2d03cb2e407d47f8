import { lstatSync } from "node:fs";
import { type PathEntry, type PrefixRecord, pathsOf, withPaths } from "./record.ts";
import { PRUNE_RULES, type PruneRule, ruleFor } from "./prune-rules.ts";
import { removeEmpty, removePaths } from "./remove-paths.ts";

export interface Pruned {
  /** They own what is there: conda's own check for missing files (`conda doctor`) finds none. */
  readonly records: readonly PrefixRecord[];
  /** In the order of the rules; none of those that found nothing. */
  readonly savings: readonly Saving[];
}

export interface Saving {
  readonly rule: PruneRule;
  readonly files: number;
  readonly bytes: number;
}

/** The rule by which a path of such a prefix is left out; `kept` are the names of rules that are off. */
export function rulesFor(
  records: readonly PrefixRecord[],
  kept: ReadonlySet<string>,
): (path: string) => PruneRule | undefined {
  const owned = new Set(records.flatMap((record) => pathsOf(record).map(({ _path }) => _path)));
  return (path) => ruleFor(path, (other) => owned.has(other), kept);
}

/** Removes what the rules leave out. */
export function prunePrefix(
  prefix: string,
  records: readonly PrefixRecord[],
  ruleOf: ReturnType<typeof rulesFor>,
): Pruned {
  const savings = new Map(PRUNE_RULES.map((rule) => [rule, { files: 0, bytes: 0 }]));
  const removed: PathEntry[] = [];
  const pruned = records.map((record) => {
    const staying = pathsOf(record).filter((entry) => {
      const { _path: path } = entry;
      const rule = ruleOf(path);
      if (rule === undefined) return true;
      removed.push(entry);
      const size = sizeOf(prefix, entry);
      const saving = savings.get(rule);
      if (size !== undefined && saving !== undefined) {
        saving.files += 1;
        saving.bytes += size;
      }
      return false;
    });
    return withPaths(record, staying);
  });
  const directories = new Set(
    pruned.flatMap((record) => pathsOf(record).filter(isDirectory)).map(({ _path }) => _path),
  );
  const files = removed.filter((entry) => !isDirectory(entry)).map(({ _path }) => _path);
  const empty = removed.filter(isDirectory).map(({ _path }) => _path);
  removeEmpty(prefix, new Set(empty), directories);
  removePaths(prefix, files, directories);
  return {
    records: pruned,
    savings: [...savings]
      .filter(([, { files: count }]) => count > 0)
      .map(([rule, saving]) => ({ rule, ...saving })),
  };
}

function isDirectory({ path_type }: PathEntry): boolean {
  return path_type === "directory";
}

/** None of directories, nor of bytecode that a kept record lists and that is compiled again. */
function sizeOf(prefix: string, { _path }: PathEntry): number | undefined {
  const stats = lstatSync(`${prefix}/${_path}`, { throwIfNoEntry: false });
  return stats?.isDirectory() === true ? undefined : stats?.size;
}
