import { coerce, gte } from "semver";

/** Compares "go1.26.5" with "1.26": what is not a number, and numbers that are not given, do not count. */
export function isAtLeast(version: string, wanted: string): boolean {
  return gte(coerce(version) ?? "0.0.0", coerce(wanted) ?? "0.0.0");
}
