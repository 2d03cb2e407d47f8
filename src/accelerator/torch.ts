import type { Origin } from "../kit/origin.ts";
import { compatibility } from "./compatibility.ts";
import type { TorchRelease } from "./compatibility-schema.ts";
import type { Demand } from "./demand.ts";
import {
  boundsOf,
  compareVersions,
  following,
  inRange,
  isTouched,
  joinedRange,
  localVersion,
  newestOf,
  pinnedVersion,
  releaseOf,
} from "./versions.ts";

/** The packages with a build for each backend, which come from torch's own indexes. */
export const TORCH_FAMILY: ReadonlySet<string> = torchFamily("cpu");

/** The same for one backend: some have builds for CUDA alone, and so stand in no other index. */
export function torchFamily(backend: string): ReadonlySet<string> {
  const kind = parseBackend(backend)?.accelerator;
  const { "torch-family": families } = compatibility();
  const there = families.filter(({ on }) => kind !== undefined && on.includes(kind));
  return new Set(there.flatMap(({ names }) => names));
}

/** What a directory of torch's index, or a local version, stands for. */
export interface Backend {
  readonly accelerator: "cpu" | "cuda" | "rocm";
  /** Of CUDA or ROCm. */
  readonly version?: string;
}

/** Undefined for what is no backend, or one that is not known here ("xpu"). */
export function parseBackend(text: string): Backend | undefined {
  if (text === "cpu") return { accelerator: "cpu" };
  // Two digits for the major version since CUDA 10.
  const [, major, minor] = /^cu(\d\d)(\d{1,2})(?:\.|$)/.exec(text) ?? [];
  if (major !== undefined) return { accelerator: "cuda", version: `${major}.${minor}` };
  const [, rocm] = /^rocm(\d+(?:\.\d+)+)$/.exec(text) ?? [];
  return rocm === undefined ? undefined : { accelerator: "rocm", version: rocm };
}

/** The directory of torch's index for a CUDA version: "cu128". */
export function cudaBackend(cuda: string): string {
  return `cu${cuda.replace(".", "")}`;
}

/**
 * A package's own word for a backend: the local version of one of torch's family
 * ("torch==2.9.1+cu128"), or an index of its builds.
 */
export interface Hint extends Backend {
  readonly origin: Origin;
  readonly line: string;
  readonly isIndex: boolean;
}

export function hintsOf(
  demands: readonly Demand[],
  indexes: readonly { readonly url: string; readonly origin: Origin }[],
): readonly Hint[] {
  const family = new Set(compatibility()["torch-family"].flatMap(({ names }) => names));
  const ofDemands = demands.flatMap(({ name, specifier, origin, text }) => {
    const backend = parseBackend(localVersion(specifier) ?? "");
    return origin === undefined || backend === undefined || !family.has(name)
      ? []
      : [{ ...backend, origin, line: text, isIndex: false }];
  });
  const ofIndexes = indexes.flatMap(({ url, origin }) => {
    const backend = backendOfIndex(url);
    return backend === undefined ? [] : [{ ...backend, origin, line: url, isIndex: true }];
  });
  return [...ofDemands, ...ofIndexes];
}

/** https://download.pytorch.org/whl/cu128, a mirror of it, or https://data.pyg.org/whl/torch-2.8.0+cu128.html */
function backendOfIndex(url: string): Backend | undefined {
  const path = URL.canParse(url) ? new URL(url).pathname : url;
  // Other projects have indexes of that form, too, which say nothing about torch.
  if (!/torch|pyg/i.test(url) && !path.startsWith("/whl/")) return undefined;
  const [, name] = /(?:[/+]|%2B)(cpu|cu\d{3,4}|rocm\d[\d.]*\d)(?:\/|\.html|$)/i.exec(path) ?? [];
  return name === undefined ? undefined : parseBackend(name.toLowerCase());
}

/** The releases that a demand leaves, oldest first; undefined where it names none that is known. */
export function torchReleases(specifier: string): readonly TorchRelease[] | undefined {
  const found = compatibility().torch.filter(({ release }) =>
    isTouched(specifier, { lowest: release, end: following(release) }),
  );
  return found.length === 0 ? undefined : found;
}

/** The releases that a version of torchvision and its like belongs to, where that is known. */
export function companionReleases(
  name: string,
  specifier: string,
): readonly TorchRelease[] | undefined {
  const version = pinnedVersion(specifier) ?? /^==(.+)\.\*$/.exec(specifier)?.[1];
  if (version === undefined) return undefined;
  const found = compatibility().torch.filter(({ companions }) => {
    const range = companions?.[name];
    return range !== undefined && inRange(version, range);
  });
  return found.length === 0 ? undefined : found;
}

export function newestTorch(): TorchRelease {
  const all = compatibility().torch;
  const newest = newestOf(all.map(({ release }) => release));
  // The data has releases, which its test checks.
  return all.find(({ release }) => release === newest) as TorchRelease;
}

/** Whether a demand is for a release that is newer than all that are known. */
export function isNewerTorch(specifier: string): boolean {
  const { release } = newestTorch();
  return (
    torchReleases(specifier) === undefined &&
    isTouched(specifier, { lowest: following(release), end: undefined })
  );
}

/** Versions of these releases as a range: ">=2.7,<2.12". */
export function rangeOfReleases(releases: readonly TorchRelease[]): string {
  const names = [...new Set(releases.map(({ release }) => release))].sort(compareVersions);
  return joinedRange(
    names.map((release) => boundsOf(`==${release}.*`)),
    names.at(-1) === newestTorch().release,
  );
}

/** "torch 2.9" for "==2.9.1+cu128", "torch" for any version, "torch<2.4" for a range. */
export function describeTorch({ name, specifier }: Demand): string {
  const pinned = pinnedVersion(specifier);
  return pinned === undefined ? `${name}${specifier}` : `${name} ${releaseOf(pinned)}`;
}
