import { dirname, join } from "node:path";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import type { PathEntry, PrefixRecord } from "../../../src/conda/prefix/record.ts";

/** A record of a package as the engine writes it, with paths by name alone or in full. */
export function recordOf(
  name: string,
  paths: readonly (string | PathEntry)[] = [],
  fields: Partial<PrefixRecord> = {},
): PrefixRecord {
  return {
    name,
    version: "1.0",
    build: "0",
    subdir: "linux-64",
    ...fields,
    paths_data: {
      paths_version: 1,
      paths: paths.map((path) =>
        typeof path === "string" ? { _path: path, path_type: "hardlink" } : path,
      ),
    },
  };
}

export function pathNames(record: PrefixRecord | undefined): readonly string[] {
  return record?.paths_data.paths.map(({ _path }) => _path) ?? [];
}

export type MadePath = string | Uint8Array | { readonly to: string } | { readonly program: string };

/** Files, links and programs; what ends with "/" is an empty directory. */
export async function makeTree(
  root: string,
  paths: { readonly [path: string]: MadePath },
): Promise<void> {
  for (const [path, made] of Object.entries(paths)) {
    const place = join(root, path);
    await mkdir(path.endsWith("/") ? place : dirname(place), { recursive: true });
    if (path.endsWith("/")) continue;
    if (typeof made === "string" || made instanceof Uint8Array) await writeFile(place, made);
    else if ("to" in made) await symlink(made.to, place);
    else {
      await writeFile(place, made.program);
      await chmod(place, 0o755);
    }
  }
}
