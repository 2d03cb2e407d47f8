import * as z from "zod/mini";
import type { CondaPackage } from "../lock.ts";

/** What the engine is asked: one JSON object on its standard input. */
export type Request =
  | ({ readonly command: "solve" } & SolveRequest & Network)
  | ({ readonly command: "install" } & InstallRequest & Network)
  | ({ readonly command: "digest" } & DigestRequest & Network)
  | ({ readonly command: "order" } & OrderRequest)
  | ({ readonly command: "read-lock" } & ReadLockRequest);

/** How channels are reached. */
export interface Network {
  /** A directory for what is downloaded, outside of every layer. */
  readonly cache: string;
  /** Other places of a channel, tried in turn, by the channel's URL. */
  readonly mirrors: { readonly [channel: string]: readonly string[] };
  /** A file of credentials, in rattler's form; nothing else holds any. */
  readonly credentials?: string;
}

export interface SolveRequest {
  /** URLs, in the order of their priority. */
  readonly channels: readonly string[];
  /** "linux-64"; noarch comes with it. */
  readonly platform: string;
  /** Match specs. */
  readonly specs: readonly string[];
  /** Match specs for packages that need not be there. */
  readonly constraints: readonly string[];
  /** URLs of packages to keep where they fit. */
  readonly preferences: readonly string[];
  readonly virtualPackages: readonly VirtualPackage[];
  readonly priority: "strict" | "disabled";
}

export interface VirtualPackage {
  /** "__glibc" */
  readonly name: string;
  readonly version: string;
  readonly build: string;
}

export interface InstallRequest {
  readonly packages: readonly (Omit<CondaPackage, "digest"> &
    Partial<Record<"sha256" | "md5", string>>)[];
  readonly platform: string;
  /** A directory that is empty or not there yet. */
  readonly prefix: string;
  /** Runs post-link scripts. */
  readonly linkScripts: boolean;
}

/** Packages whose digests no file tells: they are downloaded to be read. */
export interface DigestRequest {
  readonly urls: readonly string[];
}

/** The order in which packages are installed: each after those that it depends on. */
export interface OrderRequest {
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly build: string;
    readonly subdir: string;
    readonly depends: readonly string[];
  }[];
}

export interface ReadLockRequest {
  /** Absolute path of a pixi.lock; a conda-lock.yml is read without the engine. */
  readonly file: string;
  readonly platform: string;
}

/** A package of a channel, as a solve or a lock file names it. */
const foundPackageSchema = z.object({
  url: z.string(),
  sha256: z.optional(z.string()),
  md5: z.optional(z.string()),
});

/** A package of a Python index in a lock file. */
const pypiPackageSchema = z.object({
  name: z.string(),
  version: z.optional(z.string()),
  /** A URL, or a path relative to the lock file. */
  location: z.string(),
  sha256: z.optional(z.string()),
  editable: z.boolean(),
});

const solvedSchema = z.object({ packages: z.array(foundPackageSchema) });

const installedSchema = z.object({
  /** By name: the directory that holds the package's `info`, in the cache. */
  packages: z.record(z.string(), z.string()),
});

const orderedSchema = z.object({ names: z.array(z.string()) });

const lockContentsSchema = z.object({
  environments: z.array(
    z.object({
      name: z.string(),
      platforms: z.array(z.string()),
      packages: z.array(foundPackageSchema),
      pypi: z.array(pypiPackageSchema),
    }),
  ),
});

export const errorSchema = z.object({
  error: z.object({
    /**
     * - `match-spec`: a spec can't be parsed; `subject` is the spec.
     * - `unsolvable`: the solver's explanation is the message.
     * - `channel`: a channel could not be read; `subject` is the URL, where known.
     * - `package`: a package could not be downloaded or unpacked; `subject` is its name or URL.
     * - `digest`: a package is not the file that its digest names.
     * - `link`: a package could not be put into the prefix, or a script of it failed.
     * - `lock-file`: a lock file can't be read.
     * - `other`: anything else.
     */
    kind: z.enum([
      "match-spec",
      "unsolvable",
      "channel",
      "package",
      "digest",
      "link",
      "lock-file",
      "other",
    ]),
    message: z.string(),
    subject: z.optional(z.string()),
    /** Of an HTTP server's answer. */
    status: z.optional(z.number()),
    /** Of packages that the channels don't have for the platform: those that they have them for. */
    platforms: z.optional(z.record(z.string(), z.array(z.string()))),
    /** Of packages whose versions there do not fit: the newest there, the newest first. */
    versions: z.optional(z.record(z.string(), z.array(z.string()))),
    /** Of packages whose builds there do not fit: those of the version that is asked for. */
    builds: z.optional(
      z.record(z.string(), z.array(z.object({ version: z.string(), build: z.string() }))),
    ),
    /** Of packages that the channels don't have: what is called much the same there. */
    similar: z.optional(z.record(z.string(), z.array(z.string()))),
  }),
});

export const answerSchemas = {
  solve: solvedSchema,
  install: installedSchema,
  digest: solvedSchema,
  order: orderedSchema,
  "read-lock": lockContentsSchema,
} as const;

export type LockContents = z.infer<typeof lockContentsSchema>;
export type EngineError = z.infer<typeof errorSchema>["error"];
