import * as z from "zod/mini";

/** A path in a package: relative to the root, without a leading slash, merged below `usr/`. */
const entrySchema = z.union([
  z.object({ kind: z.literal("file"), path: z.string(), mode: z.number(), size: z.number() }),
  z.object({ kind: z.literal("directory"), path: z.string() }),
  /** The target as the package has it, absolute or relative. */
  z.object({ kind: z.literal("link"), path: z.string(), target: z.string() }),
]);

export type PackageEntry = z.infer<typeof entrySchema>;

/**
 * `update-alternatives --install link name path priority [--slave …]` of a maintainer script.
 * https://manpages.debian.org/trixie/dpkg/update-alternatives.1.en.html
 */
const alternativeSchema = z.object({
  link: z.string(),
  name: z.string(),
  path: z.string(),
  priority: z.number(),
  slaves: z.array(z.object({ link: z.string(), name: z.string(), path: z.string() })),
});

export type Alternative = z.infer<typeof alternativeSchema>;

/** What is known of an unpacked package, without its files. */
export const packageIndexSchema = z.object({
  name: z.string(),
  version: z.string(),
  arch: z.string(),
  /** Of the .deb. */
  sha256: z.string(),
  entries: z.array(entrySchema),
  alternatives: z.array(alternativeSchema),
  /**
   * `dpkg-divert` of a maintainer script: the file that another package has at `path` is at `to`.
   * https://manpages.debian.org/trixie/dpkg/dpkg-divert.1.en.html
   */
  diversions: z.array(z.object({ path: z.string(), to: z.string() })),
  /** Names of packages whose files it may overwrite (Replaces), sorted. */
  replaces: z.array(z.string()),
  /** What its maintainer scripts would do that is not done, in words that follow "it". */
  notDone: z.array(z.string()),
  /** SPDX identifiers or the names of the copyright file, for the SBOM. */
  licenses: z.array(z.string()),
  /** Name of the source package, for the SBOM's purl. */
  source: z.string(),
});

export type PackageIndex = z.infer<typeof packageIndexSchema>;
