import * as z from "zod/mini";
import { acceleratedSchema } from "../accelerator/accelerated.ts";

/**
 * Which distributions are installed, each pinned: the hand-over between the buildpacks that obtain
 * a lock and the one that installs it.
 *
 * It is already narrowed to one Python and one platform: of the many files that a lock lists for a
 * release, only the one that is installed here. It holds names, versions and digests, no URL of a
 * file on the default index and never a credential, so that it can stand in layer metadata, about
 * 100 bytes a package.
 */
export type Lock = readonly Distribution[];

/**
 * `version` is absent where only building the source tells it.
 *
 * - `wheel`: a wheel of an index. `sha256` of the file.
 * - `sdist`: a source distribution of an index. `sha256` of the archive.
 * - `url`: a wheel or archive at a URL (without credentials) or at a path in the app (`./…`).
 * - `git`: a repository at a commit; `subdirectory` within it.
 * - `directory`: a directory of the app (relative, "." for the app itself); `sha256` of its tree.
 */
const distributionSchema = z.discriminatedUnion("from", [
  z.object({
    from: z.literal("wheel"),
    name: z.string(),
    version: z.string(),
    sha256: z.string(),
    index: z.optional(z.string()),
  }),
  z.object({
    from: z.literal("sdist"),
    name: z.string(),
    version: z.string(),
    sha256: z.string(),
    index: z.optional(z.string()),
  }),
  z.object({
    from: z.literal("url"),
    name: z.string(),
    version: z.optional(z.string()),
    url: z.string(),
    sha256: z.string(),
    subdirectory: z.optional(z.string()),
  }),
  z.object({
    from: z.literal("git"),
    name: z.string(),
    version: z.optional(z.string()),
    url: z.string(),
    commit: z.string(),
    subdirectory: z.optional(z.string()),
  }),
  z.object({
    from: z.literal("directory"),
    name: z.string(),
    version: z.optional(z.string()),
    path: z.string(),
    sha256: z.string(),
  }),
]);

export type Distribution = z.infer<typeof distributionSchema>;

/** The lock and what is needed to download its files, as one JSON file between two buildpacks. */
export const lockFileSchema = z.object({
  /** The package manager whose files it is of: "pip", "poetry". */
  manager: z.string(),
  distributions: z.array(distributionSchema),
  /**
   * Where the files are looked for, as arguments of `uv pip install`, without credentials
   * (`--index-url`, `--extra-index-url`, `--find-links`, `--index-strategy`, …).
   */
  uvArguments: z.array(z.string()),
  /** Names of packages whose extra settings a build from source must have (`--config-settings`). */
  buildArguments: z.array(z.string()),
  /** The UTC day of its versions, "2026-11-22"; absent where it is not known. */
  made: z.optional(z.string()),
  /** The app's own lock file and what makes it again; absent where the build has resolved. */
  own: z.optional(z.object({ file: z.string(), relock: z.string() })),
  /** What the distributions were chosen for; absent where nobody has chosen. */
  accelerated: z.optional(acceleratedSchema),
});

export type LockFile = z.infer<typeof lockFileSchema>;

/** The app's own lock: "uv.lock", and what makes it again: "uv lock". */
export type OwnLock = NonNullable<LockFile["own"]>;

export { distributionSchema };

/** All that can be read of a lock in metadata: what an earlier form knew is better than nothing. */
export function readableLock(distributions: unknown): Lock {
  const all = Array.isArray(distributions) ? distributions : [];
  return all.flatMap((one) => distributionSchema.safeParse(one).data ?? []);
}

/** Sorted by name, as locks are compared and written. */
export function sortLock(lock: Lock): Lock {
  return [...lock].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** The indexes that distributions name, which is where they are not of the default one. */
export function indexesOf(lock: Lock): readonly string[] {
  const named = lock.flatMap((distribution) =>
    "index" in distribution && distribution.index !== undefined ? [distribution.index] : [],
  );
  return [...new Set(named)].sort();
}

/** PEP 503: lower case, and one '-' for each run of '-', '_' and '.'. */
export function normalizeName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}

/** The name that a requirement begins with: "torch" of "torch>=2.4 ; python_version < '3.14'". */
export function nameOfRequirement(text: string): string {
  return normalizeName(/^[\w.-]+/.exec(text)?.[0] ?? "");
}
