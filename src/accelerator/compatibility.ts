import { nearest } from "../kit/text.ts";
import data from "./compatibility.toml";
import type { Architecture, Compatibility } from "./compatibility-schema.ts";

/** What `compatibility.toml` says, which is read and checked when it is bundled. */
export function compatibility(): Compatibility {
  return data;
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
