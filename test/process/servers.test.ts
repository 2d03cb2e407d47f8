import { expect, test } from "vitest";
import { isAtLeast } from "../../src/process/servers.ts";

test.each([
  ["24.1.1", "24.1.1", true],
  ["24.1.2", "24.1.1", true],
  ["24.2", "24.1.1", true],
  ["25.0.0", "24.1.1", true],
  ["100.0", "24.1.1", true],
  ["24.1", "24.1.1", false],
  ["23.9.9", "24.1.1", false],
  ["9.0.0", "24.1.1", false],
  ["24.1.1.post1", "24.1.1", true],
  ["24.1.0rc1", "24.1.1", false],
  ["not a version", "24.1.1", false],
  [undefined, "24.1.1", false],
])("whether %s is at least %s: %s", (version, least, expected) => {
  expect(isAtLeast(version, least)).toBe(expected);
});
