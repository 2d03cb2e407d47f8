import type { Origin } from "../kit/origin.ts";

/** A Python package that the app asks for, or that a resolution has found. */
export interface Demand {
  /** Normalised as PEP 503 does. */
  readonly name: string;
  /** PEP 440: "==2.9.1+cu128", ">=2.4"; empty for any version. */
  readonly specifier: string;
  readonly extras: readonly string[];
  /** Absent where another package depends on it. */
  readonly origin?: Origin;
  /** As the file has it. */
  readonly text: string;
}
