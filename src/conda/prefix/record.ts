import * as z from "zod/mini";
import { compareTexts } from "../../kit/text.ts";

/**
 * A path that a package owns in the prefix. `_path`, its sizes and digests are as the package's
 * paths.json has them. https://github.com/conda/ceps/blob/main/cep-0034.md#infopathsjson
 */
export const pathSchema = z.looseObject({
  _path: z.string(),
  /** "hardlink" where absent; also "softlink", "directory", "pyc_file", "unix_python_entry_point". */
  path_type: z.optional(z.string()),
  /** Where the path would be, had not another package a file there. */
  original_path: z.optional(z.string()),
});

export type PathEntry = z.infer<typeof pathSchema>;

/** What `conda-meta/<name>-<version>-<build>.json` holds, as far as something here reads it. */
export const recordSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  build: z.string(),
  subdir: z.string(),
  channel: z.optional(z.string()),
  fn: z.optional(z.string()),
  sha256: z.optional(z.string()),
  depends: z.optional(z.array(z.string())),
  license: z.optional(z.nullable(z.string())),
  noarch: z.optional(z.unknown()),
  python_site_packages_path: z.optional(z.nullable(z.string())),
  /** Only in what the engine has just written: the package as it lies in the cache. */
  extracted_package_dir: z.optional(z.string()),
  paths_data: z.object({ paths_version: z.number(), paths: z.array(pathSchema) }),
});

/** An installed package. */
export type PrefixRecord = z.infer<typeof recordSchema>;

export function pathsOf(record: PrefixRecord): readonly PathEntry[] {
  return record.paths_data.paths;
}

/** A copy of a record that owns other paths. They are sorted: equal packages give equal bytes. */
export function withPaths(record: PrefixRecord, paths: readonly PathEntry[]): PrefixRecord {
  const sorted = [...paths].sort(({ _path: a }, { _path: b }) => compareTexts(a, b));
  return { ...record, paths_data: { ...record.paths_data, paths: sorted } };
}

/** "conda-meta/numpy-2.2.6-py311h64a7726_0.json" */
export function recordPath({
  name,
  version,
  build,
}: Pick<PrefixRecord, "name" | "version" | "build">): string {
  return `conda-meta/${name}-${version}-${build}.json`;
}
