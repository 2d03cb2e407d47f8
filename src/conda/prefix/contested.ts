import { pathsOf, type PrefixRecord } from "./record.ts";

/** A path that several packages have a file for. */
export interface Contested {
  /** Where the file is, or would be. */
  readonly path: string;
  /** Sorted. */
  readonly owners: readonly string[];
  /** Whose file is there; undefined where that can't be told. */
  readonly winner: string | undefined;
}

/** To be asked of records as the engine has just written them. */
export function contestedPaths(records: readonly PrefixRecord[]): readonly Contested[] {
  const owners = new Map<string, { readonly name: string; readonly isThere: boolean }[]>();
  for (const record of records) {
    for (const { _path, path_type, original_path } of pathsOf(record)) {
      if (path_type === "directory") continue;
      const path = original_path ?? _path;
      const others = owners.get(path) ?? [];
      owners.set(path, [...others, { name: record.name, isThere: original_path === undefined }]);
    }
  }
  return [...owners]
    .filter(([, all]) => new Set(all.map(({ name }) => name)).size > 1)
    .map(([path, all]) => {
      const there = all.filter(({ isThere }) => isThere);
      return {
        path,
        owners: all.map(({ name }) => name).sort(),
        winner: there.length === 1 ? there[0]?.name : undefined,
      };
    });
}

/**
 * Packages that have a path with another in common. What such a path holds depends on which others
 * are there, so that they have no layer that any environment could share. Paths that are left out
 * don't count, since those of a package that stands are not known.
 */
export function entangledPackages(
  contested: readonly Contested[],
  isLeftOut: (path: string) => boolean = () => false,
): ReadonlySet<string> {
  return new Set(contested.filter(({ path }) => !isLeftOut(path)).flatMap(({ owners }) => owners));
}
