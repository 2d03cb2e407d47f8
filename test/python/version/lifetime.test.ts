import { describe, expect, it } from "vitest";
import { endedIn, isTooOld } from "../../../src/python/version/lifetime.ts";

describe("the end of a version's life", () => {
  it("is the month with the last fixes, from the next month on", () => {
    expect(endedIn("3.10.4", new Date("2026-10-31T12:00:00Z"))).toBeUndefined();
    expect(endedIn("3.10.4", new Date("2026-11-01T12:00:00Z"))).toBe("2026-10");
  });

  it("is not known for versions that came later", () => {
    expect(endedIn("3.99.0", new Date("2090-01-01"))).toBeUndefined();
  });
});

it.each([
  ["2.7.18", true],
  ["3.8.20", true],
  ["3.9.0", false],
  ["3.10.0", false],
  ["4.0.0", false],
])("%s is too old: %s", (version, expected) => {
  expect(isTooOld(version)).toBe(expected);
});
