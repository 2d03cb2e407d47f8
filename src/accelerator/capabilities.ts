import { compatibility } from "./compatibility.ts";
import { compareVersions } from "./versions.ts";

/**
 * Compute capabilities to compile for where nobody names GPUs: those of data centres and workstations
 * since Turing, as far as the compiler of a CUDA version knows them, oldest first.
 */
export function usualCapabilities(cuda: string): readonly string[] {
  return compatibility().architecture.flatMap(({ usual = [], first, nvcc = first, last }) => {
    const isKnown =
      (nvcc === undefined || compareVersions(cuda, nvcc) >= 0) &&
      (last === undefined || compareVersions(cuda, last) <= 0);
    return isKnown ? usual : [];
  });
}

/**
 * Of capabilities that a package has code for, those that run best on each GPU: 8.0 for 8.9 where it
 * has none for that. None for a GPU that is older than all of them.
 */
export function codeFor(gpus: readonly string[], known: readonly string[]): readonly string[] {
  const sorted = [...known].sort(compareVersions);
  const wanted = new Set(gpus.flatMap((gpu) => sorted.findLast((one) => runsOn([one], gpu)) ?? []));
  return sorted.filter((one) => wanted.has(one));
}

/** Whether code for one of these compute capabilities runs on a GPU. */
export function runsOn(capabilities: readonly string[], gpu: string): boolean {
  const [major, minor] = gpu.split(".");
  return capabilities.some((one) => {
    const [itsMajor, itsMinor] = one.split(".");
    return itsMajor === major && Number(itsMinor) <= Number(minor);
  });
}
