import { describe, expect, test } from "vitest";
import { plainRange } from "../../src/accelerator/cuda-versions.ts";
import {
  boundsOf,
  compareVersions,
  isTouched,
  joinedRange,
  localVersion,
  pinnedVersion,
  releaseOf,
} from "../../src/accelerator/versions.ts";

test("versions are compared by their numbers", () => {
  expect(["12.10", "12.9", "9", "12"].sort(compareVersions)).toEqual(["9", "12", "12.9", "12.10"]);
});

test("pins are told from ranges, with what follows '+'", () => {
  expect(["==2.9.1+cu128", "===2.9", ">=2.9", "==2.9.*", ">=2,==2.9.1"].map(pinnedVersion)).toEqual(
    ["2.9.1+cu128", "2.9", undefined, undefined, undefined],
  );
  expect(["==2.9.1+cu128", "==2.9.1", ">=2.4"].map(localVersion)).toEqual([
    "cu128",
    undefined,
    undefined,
  ]);
  expect(["2.9.1+cu128", "2.10.0.dev20260101", "2.9"].map(releaseOf)).toEqual([
    "2.9",
    "2.10",
    "2.9",
  ]);
});

describe("a range has versions of a release", () => {
  test.each([
    ["", "2.9", true],
    [">=2.4", "2.9", true],
    [">=2.4", "2.3", false],
    ["<2.9", "2.9", false],
    ["<2.9", "2.8", true],
    ["<=2.9", "2.9", true],
    [">2.9", "2.9", true],
    ["==2.9.1+cu128", "2.9", true],
    ["==2.9.1+cu128", "2.8", false],
    ["==2.9.*", "2.9", true],
    ["~=2.8.1", "2.9", false],
    ["!=2.9.0", "2.9", true],
    [">2.9.0,<2.9.2", "2.9", true],
    [">=2.9.1,<2.9.1", "2.9", false],
  ])("%s and %s: %s", (specifier, release, expected) => {
    expect(isTouched(specifier, boundsOf(`==${release}.*`))).toBe(expected);
  });

  test("of several, too", () => {
    expect(isTouched("==1.15.1", boundsOf(">=1.14,<1.19"))).toBe(true);
    expect(isTouched("==1.19.0", boundsOf(">=1.14,<1.19"))).toBe(false);
    expect(isTouched("==13.*", boundsOf(">=11,<14"))).toBe(true);
  });
});

test("ranges that follow one another are written as one", () => {
  const bounds = ["==2.7.*", "==2.8.*", "==2.9.*"].map(boundsOf);

  expect(joinedRange(bounds, false)).toBe(">=2.7,<2.10");
  expect(joinedRange(bounds, true)).toBe(">=2.7");
  expect(joinedRange(bounds.slice(0, 1), false)).toBe("==2.7.*");
});

test("a line's range of CUDA versions is one of two numbers", () => {
  const written = [
    "==12.8",
    "==12.8.1",
    "==12",
    "==12.*",
    ">=12.4",
    "<=12",
    "~=12.4",
    "!=12.6,>12",
    "",
  ];

  expect(written.map(plainRange)).toEqual([
    "==12.8",
    "==12.8",
    "==12.*",
    "==12.*",
    ">=12.4",
    "<13",
    "~=12.4",
    "!=12.6,>=13",
    "",
  ]);
});
