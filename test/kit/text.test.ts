import { describe, expect, it } from "vitest";
import { counted, editDistance, formatBytes, listed, nearest, text } from "../../src/kit/text.ts";

describe("text", () => {
  it("drops the indentation of the source and keeps that of a value", () => {
    const lines = "one\ntwo";

    const result = text`
      Title

        - ${lines}
      End
    `;

    expect(result).toBe("Title\n\n  - one\n  two\nEnd");
  });
});

describe("listed", () => {
  it.each([
    [[], ""],
    [["a"], "a"],
    [["a", "b"], "a and b"],
    [["a", "b", "c"], "a, b and c"],
  ])("%j is %s", (items, expected) => {
    expect(listed(items)).toBe(expected);
  });
});

describe("formatBytes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1 kB"],
    [1_450_000, "1.4 MB"],
    [45_000_000, "45 MB"],
    [4_500_000_000, "4.5 GB"],
  ])("%d is %s", (bytes, expected) => {
    expect(formatBytes(bytes)).toBe(expected);
  });
});

describe("nearest", () => {
  it("finds misspelt words, best first, and nothing for strange ones", () => {
    const words = ["requirements.txt", "requirement", "pylock.toml"];

    expect(nearest("requirments.txt", words)).toEqual(["requirements.txt"]);
    expect(nearest("package.json", words)).toEqual([]);
  });

  it.each([
    ["numpy", "numpy", 0],
    ["nupmy", "numpy", 1],
    ["nmpy", "numpy", 1],
    ["pandas", "panda", 1],
    ["", "abc", 3],
  ])("the distance from %s to %s is %d", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });
});

describe("counted", () => {
  it("agrees with its number", () => {
    expect([counted(1, "package"), counted(2, "package"), counted(0, "index", "indexes")]).toEqual([
      "1 package",
      "2 packages",
      "0 indexes",
    ]);
  });
});
