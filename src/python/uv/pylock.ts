import * as z from "zod/mini";
import { formatToml } from "../../cnb/toml.ts";
import { withoutCredential } from "../../kit/credentials.ts";

const hashesSchema = z.record(z.string(), z.string());

const fileSchema = z.object({
  name: z.optional(z.string()),
  url: z.optional(z.string()),
  path: z.optional(z.string()),
  /** Bytes; many indexes don't say it. */
  size: z.optional(z.number()),
  hashes: hashesSchema,
});

/** What is read of one package of a pylock.toml. https://peps.python.org/pep-0751/ */
const packageSchema = z.object({
  name: z.string(),
  version: z.optional(z.string()),
  marker: z.optional(z.string()),
  "requires-python": z.optional(z.string()),
  index: z.optional(z.string()),
  vcs: z.optional(
    z.object({
      type: z.string(),
      url: z.optional(z.string()),
      path: z.optional(z.string()),
      "commit-id": z.string(),
      subdirectory: z.optional(z.string()),
    }),
  ),
  directory: z.optional(
    z.object({
      path: z.string(),
      editable: z.optional(z.boolean()),
      subdirectory: z.optional(z.string()),
    }),
  ),
  archive: z.optional(
    z.object({
      url: z.optional(z.string()),
      path: z.optional(z.string()),
      hashes: hashesSchema,
      subdirectory: z.optional(z.string()),
    }),
  ),
  sdist: z.optional(fileSchema),
  wheels: z.optional(z.array(fileSchema)),
});

export const pylockSchema = z.object({
  "lock-version": z.string(),
  "requires-python": z.optional(z.string()),
  environments: z.optional(z.array(z.string())),
  extras: z.optional(z.array(z.string())),
  "dependency-groups": z.optional(z.array(z.string())),
  "default-groups": z.optional(z.array(z.string())),
  packages: z.array(packageSchema),
});

export type Pylock = z.infer<typeof pylockSchema>;
export type PylockPackage = Pylock["packages"][number];
export type PylockFile = NonNullable<PylockPackage["sdist"]>;

/** Packages without the user names and passwords of all URLs: what follows keeps and tells them. */
export function withoutCredentials(packages: readonly PylockPackage[]): readonly PylockPackage[] {
  const placed = <Place extends { url?: string | undefined }>(place: Place): Place =>
    place.url === undefined ? place : { ...place, url: withoutCredential(place.url) };
  return packages.map(({ index, vcs, archive, sdist, wheels, ...rest }) => ({
    ...rest,
    ...(index === undefined ? {} : { index: withoutCredential(index) }),
    ...(vcs === undefined ? {} : { vcs: placed(vcs) }),
    ...(archive === undefined ? {} : { archive: placed(archive) }),
    ...(sdist === undefined ? {} : { sdist: placed(sdist) }),
    ...(wheels === undefined ? {} : { wheels: wheels.map(placed) }),
  }));
}

/** The last part of a file's address, which names its tags. */
export function fileNameOf({ name, url, path }: PylockFile): string {
  if (name !== undefined) return name;
  const address = (url ?? path ?? "").split(/[?#]/)[0] ?? "";
  const last = address.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/** A pylock.toml of packages that are narrowed to one Python ("3.13"). PEP 751. */
export function formatPylock(packages: readonly PylockPackage[], minor: string): string {
  return formatToml({
    "lock-version": "1.0",
    "created-by": "ml-buildpacks",
    "requires-python": `~=${minor}.0`,
    packages,
  });
}
