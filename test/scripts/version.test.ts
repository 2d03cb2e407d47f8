import { expect, it } from "vitest";
import { isAtLeast } from "../../scripts/lib/version.ts";

it.each([
  ["1.26.5", "1.26.5", true],
  ["1.26.8", "1.26.5", true],
  ["1.27", "1.26.5", true],
  ["2.0.0", "1.99.9", true],
  ["0.40.10", "0.40.3", true],
  ["1.26", "1.26.5", false],
  ["1.9.0", "1.26.0", false],
  ["0.40.7+git-2df3b8c", "0.40.3", true],
  ["devel", "1.21", false],
])("%s against %s: %s", (version, wanted, expected) => {
  expect(isAtLeast(version, wanted)).toBe(expected);
});
