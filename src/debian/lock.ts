import * as z from "zod/mini";

/** One package of a resolution, exactly. What a layer's metadata and a lock hold of it. */
export const debianPackageSchema = z.object({
  name: z.string(),
  /** With epoch and revision: "7:7.1.1-1". */
  version: z.string(),
  /** "amd64", "arm64" or "all". */
  arch: z.string(),
  sha256: z.string(),
  /**
   * Where it was downloaded from: `<archive>/<path>`, the archive as the sources name it, without
   * credentials. A path with a leading "./" is a file of the app.
   */
  url: z.string(),
  /** Compressed, in bytes. */
  size: z.number(),
  /** Unpacked, in KiB, as the package says itself. */
  installedSize: z.number(),
  /** Whether it is in the image. */
  launch: z.boolean(),
  /** Whether compilers need it. One or both of them is true. */
  build: z.boolean(),
  /** Whether it was asked for, and not only by what depends on it. */
  requested: z.boolean(),
  /** Name of the first package that was asked for and needs it, or its own. */
  request: z.string(),
});

export type DebianPackage = z.infer<typeof debianPackageSchema>;

/** In the order of the requests that bring them; those of one request by name. */
export type DebianLock = readonly DebianPackage[];

export function sortPackages(
  packages: readonly DebianPackage[],
  requests: readonly string[],
): DebianLock {
  const position = new Map(requests.map((request, index) => [request, index]));
  const positionOf = ({ request }: DebianPackage) => position.get(request) ?? requests.length;
  const key = ({ name, arch }: DebianPackage) => `${name}:${arch}`;
  return [...packages].sort((a, b) => positionOf(a) - positionOf(b) || (key(a) < key(b) ? -1 : 1));
}
