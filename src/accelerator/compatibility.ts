import * as z from "zod/mini";
import { parseToml } from "../cnb/toml.ts";
import { nearest } from "../kit/text.ts";
import text from "./compatibility.toml";

/** Lists are words in one text, which a table of twenty of them needs to be readable. */
const words = z.pipe(
  z.string(),
  z.transform((list) => list.split(/\s+/).filter((word) => word !== "")),
);

const sources = z.optional(words);

const torchReleaseSchema = z.object({
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

const packageBuildSchema = z.object({
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

const packageSchema = z.object({
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

const architectureSchema = z.object({
  sources,
  name: z.string(),
  capabilities: words,
  /** The first CUDA version with code for it. */
  first: z.optional(z.string()),
  last: z.optional(z.string()),
});

export type Architecture = z.infer<typeof architectureSchema>;

const librarySchema = z.object({
  wheel: z.string(),
  extra: z.optional(z.string()),
  "suffix-13": z.optional(z.boolean()),
  first: z.optional(z.string()),
  needs: z.optional(words),
  "needs-since": z.optional(z.string()),
  also: z.optional(words),
});

export type CudaLibrary = z.infer<typeof librarySchema>;

const compatibilitySchema = z.object({
  version: z.string(),
  sources: z.record(z.string(), z.string()),
  cuda: z.object({
    sources,
    default: z.string(),
    major: z.array(z.object({ major: z.string(), driver: z.string() })),
    release: z.array(
      z.object({
        version: z.string(),
        driver: z.optional(z.string()),
        pypi: z.optional(z.boolean()),
      }),
    ),
  }),
  rocm: z.object({ sources, default: z.string() }),
  architecture: z.array(architectureSchema),
  gpus: z.record(z.string(), words),
  torch: z.array(torchReleaseSchema),
  "torch-brings": z.object({ sources, libraries: words }),
  "torch-family": z.array(z.object({ sources, names: words, on: words })),
  package: z.array(packageSchema),
  optional: z.array(z.object({ sources, package: z.string(), libraries: words })),
  library: z.record(z.string(), librarySchema),
  build: z.array(
    z.object({
      sources,
      names: words,
      requires: words,
      nvcc: z.boolean(),
      metadata: z.optional(words),
      environment: z.optional(z.record(z.string(), z.string())),
    }),
  ),
});

export type Compatibility = z.infer<typeof compatibilitySchema>;

let parsed: Compatibility | undefined;

/** The data of `compatibility.toml`, read on first use: most apps have nothing to do with it. */
export function compatibility(): Compatibility {
  parsed ??= compatibilitySchema.parse(parseToml(text));
  return parsed;
}

/**
 * A GPU as people write it ("NVIDIA L4", "RTX 4090", "sm_89", "8.9"), under the name that the data
 * has; the nearest names where there is none.
 */
export function findGpu(
  written: string,
):
  | { readonly name: string; readonly capability: string }
  | { readonly nearest: readonly string[] } {
  const [, digits] =
    /^(?:sm|compute)?[_ -]?(\d{1,2}\.?\d)[af]?$/.exec(written.trim().toLowerCase()) ?? [];
  const capability = digits?.replace(/^(\d+)(\d)$/, "$1.$2");
  if (capability !== undefined && architectureOf(capability) !== undefined) {
    return { name: capability, capability };
  }
  const wanted = plainGpu(written);
  const names = gpuNames();
  const found = names.get(wanted);
  return found ?? { nearest: nearestGpus(wanted, names) };
}

/** Undefined for what is newer, or older, than what the data has. */
export function architectureOf(capability: string): Architecture | undefined {
  return compatibility().architecture.find(({ capabilities }) => capabilities.includes(capability));
}

type Gpus = ReadonlyMap<string, { readonly name: string; readonly capability: string }>;

function gpuNames(): Gpus {
  const { sources: _, ...byCapability } = compatibility().gpus;
  return new Map(
    Object.entries(byCapability).flatMap(([capability, gpus]) =>
      gpus.flatMap((aliases) => {
        const [name = "", ...others] = aliases.split("=");
        return [name, ...others].map((alias) => [plainGpu(alias), { name, capability }] as const);
      }),
    ),
  );
}

function nearestGpus(wanted: string, names: Gpus): readonly string[] {
  const near = nearest(wanted, names.keys());
  return [...new Set(near.map((name) => names.get(name)?.name ?? name))];
}

function plainGpu(written: string): string {
  return written
    .toLowerCase()
    .replace(/\b(?:nvidia|tesla|geforce|quadro|gpu)\b|[(]tm[)]|[™®]/g, "")
    .replace(/(?<=\d)gi?b\b/g, "gb")
    .replace(/[^a-z0-9]/g, "");
}
