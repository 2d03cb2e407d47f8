import type { Origin } from "../../kit/origin.ts";

/** A value and where it was set. */
export interface Sourced<T> {
  readonly value: T;
  readonly origin: Origin;
}

/**
 * Where packages are looked for and which of their files are allowed. URLs are without
 * credentials; a local `--find-links` is a path relative to the app ("./wheels").
 */
export interface IndexOptions {
  readonly indexUrl?: Sourced<string>;
  readonly extraIndexUrls: readonly Sourced<string>[];
  readonly noIndex: boolean;
  readonly findLinks: readonly Sourced<string>[];
  readonly pre: boolean;
  readonly preferBinary: boolean;
  /** Names, ":all:" or ":none:". */
  readonly noBinary: readonly string[];
  readonly onlyBinary: readonly string[];
  readonly trustedHosts: readonly string[];
  readonly requireHashes: boolean;
}

export const NO_INDEX_OPTIONS: IndexOptions = {
  extraIndexUrls: [],
  noIndex: false,
  findLinks: [],
  pre: false,
  preferBinary: false,
  noBinary: [],
  onlyBinary: [],
  trustedHosts: [],
  requireHashes: false,
};

/** `later` wins where there can be only one; lists are joined, without repetitions. */
export function mergeIndexOptions(earlier: IndexOptions, later: IndexOptions): IndexOptions {
  const indexUrl = later.indexUrl ?? earlier.indexUrl;
  return {
    ...(indexUrl === undefined ? {} : { indexUrl }),
    extraIndexUrls: unique([...earlier.extraIndexUrls, ...later.extraIndexUrls]),
    noIndex: earlier.noIndex || later.noIndex,
    findLinks: unique([...earlier.findLinks, ...later.findLinks]),
    pre: earlier.pre || later.pre,
    preferBinary: earlier.preferBinary || later.preferBinary,
    noBinary: mergeFormats(earlier.noBinary, later.noBinary),
    onlyBinary: mergeFormats(earlier.onlyBinary, later.onlyBinary),
    trustedHosts: [...new Set([...earlier.trustedHosts, ...later.trustedHosts])],
    requireHashes: earlier.requireHashes || later.requireHashes,
  };
}

/** Which files of a package may be taken; a name counts more than ":all:". */
export function allowedFiles({ onlyBinary, noBinary }: IndexOptions, name: string) {
  if (onlyBinary.includes(name)) return { wheel: true, sdist: false };
  if (noBinary.includes(name)) return { wheel: false, sdist: true };
  return { wheel: !noBinary.includes(":all:"), sdist: !onlyBinary.includes(":all:") };
}

function unique(values: readonly Sourced<string>[]): readonly Sourced<string>[] {
  return values.filter(
    ({ value }, index) => values.findIndex((other) => other.value === value) === index,
  );
}

/** ":none:" empties what was said before it. */
function mergeFormats(earlier: readonly string[], later: readonly string[]): readonly string[] {
  const all = [...earlier, ...later];
  const from = all.lastIndexOf(":none:") + 1;
  return [...new Set(all.slice(from))];
}
