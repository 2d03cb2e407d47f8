import type { Origin } from "../../kit/origin.ts";

/** Those options of `pip install` that have an effect, as pip.conf writes them. */
export const SETTINGS = [
  "index-url",
  "extra-index-url",
  "find-links",
  "no-index",
  "trusted-host",
  "constraint",
  "pre",
  "no-binary",
  "only-binary",
  "prefer-binary",
  "require-hashes",
] as const;

export type Setting = (typeof SETTINGS)[number];

/** What a file, a binding or a variable sets. */
export interface Given {
  readonly setting: Setting;
  /** May hold credentials. */
  readonly value: string;
  readonly origin: Origin;
}

/** One that has an effect. */
export interface UsedSetting {
  readonly setting: Setting;
  /** For the log, without credentials: "Using index-url https://… (from PIP_INDEX_URL)". */
  readonly line: string;
}
