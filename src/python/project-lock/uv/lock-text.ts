/** A package of the app's own that uv.lock names by its place. */
interface LocalPackage {
  readonly name: string;
  /** `path` is of an archive, the others are of directories. */
  readonly kind: "editable" | "virtual" | "directory" | "path";
  /** Relative to the lock; may lead out of the app. */
  readonly path: string;
}

// These read uv.lock by the lines that uv writes, the same in all versions of its format: they are
// asked in each build, cached or not, and to parse 300 kB of TOML took up to 0.1 s.

export function localPackagesIn(lock: string): readonly LocalPackage[] {
  return lock.split(/^\[\[package\]\]/m).flatMap((block) => {
    const [, name] = /^name = "([^"]+)"/m.exec(block) ?? [];
    const [, kind, path] =
      /^source = \{ (editable|virtual|directory|path) = "([^"]+)"/m.exec(block) ?? [];
    if (name === undefined || kind === undefined || path === undefined) return [];
    return [{ name, kind: kind as LocalPackage["kind"], path }];
  });
}

/** URLs of the indexes that packages were locked from, each once. */
export function registriesIn(lock: string): readonly string[] {
  const found = lock.matchAll(/^source = \{ registry = "(https?:\/\/[^"\s]+)"/gm);
  return [...new Set([...found].map(([, url = ""]) => url))];
}

/** Names of the workspace's members; none where the project is no workspace. */
export function membersIn(lock: string): readonly string[] {
  const [, list = ""] = /^members = \[([^\]]*)\]/m.exec(lock) ?? [];
  return [...list.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name);
}
