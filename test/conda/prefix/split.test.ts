import { expect, it } from "vitest";
import { kilobytesOf, splitByWeight } from "../../../src/conda/prefix/split.ts";

function split(weights: Record<string, number>, most = 20): Record<string, string> {
  return Object.fromEntries(splitByWeight(new Map(Object.entries(weights)), most));
}

it("gives a layer to what can move more than 10 MB", () => {
  expect(split({ mkl: 10_001, numpy: 10_000, zlib: 3 })).toEqual({ mkl: "mkl" });
});

it("gives the layers that there are to the heaviest, and to the first by name among equals", () => {
  const weights = { a: 11_000, c: 20_000, d: 20_000, b: 40_000, e: 30_000 };

  expect(Object.keys(split(weights, 3))).toEqual(["b", "c", "e"]);
  expect(split(weights, 0)).toEqual({});
});

it("does not depend on the order of packages", () => {
  const backwards = { d: 20_000, c: 20_000, b: 40_000, a: 30_000 };

  expect(Object.entries(split(backwards, 3))).toEqual(
    Object.entries(split({ a: 30_000, b: 40_000, c: 20_000, d: 20_000 }, 3)),
  );
});

it("gives a layer no name that means something else", () => {
  expect(
    split({ store: 20_000, "ruamel.yaml": 20_000, "a.b": 20_000, a_b: 20_000, "x.sbom": 20_000 }),
  ).toEqual({
    "a.b": "a-Dot-b",
    a_b: "a_b",
    "ruamel.yaml": "ruamel-Dot-yaml",
    store: "store-Package",
    "x.sbom": "x-Dot-sbom",
  });
});

it("counts in kilobytes, rounded up", () => {
  expect(kilobytesOf([{ bytes: 1500 }, { bytes: 501 }])).toBe(3);
});
