import { codeFor } from "./capabilities.ts";
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
  /** What one of its jobs takes, in GB. */
  readonly memory?: number;
}

/** Undefined for the many packages whose build is like any other's. */
export function buildNeeds(name: string): BuildNeeds | undefined {
  const found = compatibility().build.find(({ names }) => names.includes(name));
  if (found === undefined) return undefined;
  const { requires, nvcc, metadata, environment, memory } = found;
  return {
    requires,
    nvcc,
    ...(metadata === undefined ? {} : { metadata }),
    ...(environment === undefined ? {} : { environment }),
    ...(memory === undefined ? {} : { memory }),
  };
}

/**
 * The variable by which a package is compiled for GPUs of these compute capabilities, where it has one
 * of its own: "80;90", of what it has code for.
 */
export function archVariables(
  name: string,
  gpus: readonly string[],
): Readonly<Record<string, string>> {
  const found = compatibility().build.find(({ names }) => names.includes(name));
  if (found?.archs === undefined) return {};
  const { archs, capabilities, "archs-with-dot": hasDot } = found;
  const code = capabilities === undefined ? gpus : codeFor(gpus, capabilities);
  const written = hasDot === true ? code : code.map((one) => one.replace(".", ""));
  return written.length === 0 ? {} : { [archs]: written.join(";") };
}

/** What packages depend on at run time, by name, so that resolving need not run their builds. */
export function knownMetadata(): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    compatibility().build.flatMap(({ names, metadata }) =>
      metadata === undefined ? [] : names.map((name) => [name, metadata] as const),
    ),
  );
}
