import { compatibility } from "./compatibility.ts";

/** What a package needs whose build imports torch, or calls nvcc, and does not say so. */
export interface BuildNeeds {
  /** What has to be installed before its build starts, besides what that asks for. */
  readonly requires: readonly string[];
  /** Whether nvcc compiles parts of it, on CUDA. */
  readonly nvcc: boolean;
  /** What it depends on at run time, where that is the same for all of its versions. */
  readonly metadata?: readonly string[];
  /** Variables with which it compiles for CUDA, though the machine that builds it has no GPU. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Undefined for the many packages whose build is like any other's. */
export function buildNeeds(name: string): BuildNeeds | undefined {
  const found = compatibility().build.find(({ names }) => names.includes(name));
  if (found === undefined) return undefined;
  const { requires, nvcc, metadata, environment } = found;
  return {
    requires,
    nvcc,
    ...(metadata === undefined ? {} : { metadata }),
    ...(environment === undefined ? {} : { environment }),
  };
}

/** What packages depend on at run time, by name, so that resolving need not run their builds. */
export function knownMetadata(): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    compatibility().build.flatMap(({ names, metadata }) =>
      metadata === undefined ? [] : names.map((name) => [name, metadata] as const),
    ),
  );
}
