import * as z from "zod/mini";
import { ACCELERATORS } from "./hardware.ts";

/** Lists are words in one text, which a table of twenty of them needs to be readable. */
const words = z.pipe(
  z.string(),
  z.transform((list) => list.split(/\s+/).filter((word) => word !== "")),
);

const sources = z.optional(words);

const torchReleaseSchema = z.strictObject({
  sources,
  release: z.string(),
  python: z.string(),
  /** The CUDA version of its wheels on PyPI. */
  pypi: z.string(),
  cudnn: z.string(),
  /** Compute capabilities that its wheels have code for, by CUDA version. */
  cuda: z.record(z.string(), words),
  rocm: z.optional(words),
  /** Versions of the packages that belong to it. */
  companions: z.optional(z.record(z.string(), z.string())),
});

export type TorchRelease = z.infer<typeof torchReleaseSchema>;

const packageBuildSchema = z.strictObject({
  versions: z.string(),
  /** Major versions. */
  cuda: words,
  /** The one CUDA version that its extra brings. */
  pinned: z.optional(z.string()),
  cudnn: z.optional(z.string()),
  python: z.optional(z.string()),
  /** Extras that bring CUDA's libraries: "cuda,cudnn", "cuda{major}". */
  extra: z.optional(z.string()),
  libraries: z.optional(words),
});

export type PackageBuild = z.infer<typeof packageBuildSchema>;

const packageSchema = z.strictObject({
  sources,
  names: words,
  builds: z.optional(z.array(packageBuildSchema)),
  /** Whether it is compiled against torch, for the CUDA of torch's own wheels on PyPI. */
  "with-torch": z.optional(z.boolean()),
  libraries: z.optional(words),
  loader: z.optional(z.boolean()),
  "on-cpu": z.enum(["runs", "fails"]),
  "on-rocm": z.optional(z.enum(["runs", "fails"])),
  instead: z.optional(z.string()),
  /** A package that has the same files. */
  replaces: z.optional(z.string()),
});

export type KnownPackage = z.infer<typeof packageSchema>;

const architectureSchema = z.strictObject({
  sources,
  name: z.string(),
  capabilities: words,
  /** The first CUDA version with code for it. */
  first: z.optional(z.string()),
  last: z.optional(z.string()),
  /** The first driver that runs it, where that is newer than those for CUDA. */
  driver: z.optional(z.string()),
  /** Of its capabilities, those that are compiled for where nobody names GPUs. */
  usual: z.optional(words),
  /** The first CUDA version whose compiler knows it, where an older one runs on it, too. */
  nvcc: z.optional(z.string()),
});

export type Architecture = z.infer<typeof architectureSchema>;

const librarySchema = z.strictObject({
  wheel: z.string(),
  extra: z.optional(z.string()),
  /** Whether its wheels' names end with CUDA's major version where others have none. */
  suffix: z.optional(z.boolean()),
  /** "runtime" where its version is that of CUDA, "compiler" where it belongs to nvcc. */
  kind: z.optional(z.enum(["runtime", "compiler"])),
  first: z.optional(z.string()),
  needs: z.optional(words),
  "needs-since": z.optional(z.string()),
  also: z.optional(words),
});

export type CudaLibrary = z.infer<typeof librarySchema>;

/**
 * Of `compatibility.toml`, which is read when it is bundled and never in a build. A key that stands
 * here nowhere is misspelt.
 */
export const compatibilitySchema = z.strictObject({
  version: z.string(),
  /** Versions of Python that packages have wheels for, oldest first. */
  pythons: words,
  sources: z.record(z.string(), z.string()),
  cuda: z.strictObject({
    sources,
    default: z.string(),
    major: z.array(
      z.strictObject({
        major: z.string(),
        driver: z.string(),
        /** Whether the names of all wheels for it end with it. */
        suffix: z.boolean(),
      }),
    ),
    release: z.array(z.strictObject({ version: z.string(), pypi: z.optional(z.boolean()) })),
  }),
  rocm: z.strictObject({ sources, default: z.string() }),
  architecture: z.array(architectureSchema),
  gpus: z.record(z.string(), words),
  torch: z.array(torchReleaseSchema),
  "torch-brings": z.strictObject({ sources, libraries: words }),
  "torch-family": z.array(z.strictObject({ sources, names: words, on: words })),
  package: z.array(packageSchema),
  optional: z.array(z.strictObject({ sources, package: z.string(), libraries: words })),
  "left-out": z.strictObject({ sources, names: words }),
  index: z.array(z.strictObject({ sources, accelerator: z.enum(ACCELERATORS), url: z.string() })),
  library: z.record(z.string(), librarySchema),
  build: z.array(
    z.strictObject({
      sources,
      names: words,
      requires: words,
      nvcc: z.boolean(),
      metadata: z.optional(words),
      environment: z.optional(z.record(z.string(), z.string())),
      /** The variable for compute capabilities, and those of them that it may name. */
      archs: z.optional(z.string()),
      "archs-with-dot": z.optional(z.boolean()),
      capabilities: z.optional(words),
      /** GB */
      memory: z.optional(z.number()),
    }),
  ),
});

export type Compatibility = z.infer<typeof compatibilitySchema>;
