import { expect, test } from "vitest";
import { packPhases } from "../../bench/pack-phases.ts";

const LINES = [
  [1400, "===> ANALYZING"],
  [1500, "===> DETECTING"],
  [1540, "3 of 8 buildpacks participating"],
  [1541, "===> RESTORING"],
  [1550, "===> BUILDING"],
  [1640, "[Choosing Python]"],
  [1642, "Using Python 3.13.5 of the run image (no version was asked for)"],
  [1700, "[Locking Python packages]"],
  [3700, "[Installing Python packages]"],
  [3702, "[Warning: opencv-python needs libraries that the image does not have]"],
  [3705, "Packages with layers of their own: numpy (58 MB)"],
  [9700, "===> EXPORTING"],
  [9710, "[Nothing of a buildpack]"],
  [11700, "Saving 127.0.0.1:5000/app..."],
  [12700, "*** Images (sha256:0123):"],
  [12710, "Adding cache layer 'ml-buildpacks/pip:cache'"],
] as const;

const lines = LINES.map(([at, text]) => ({ at, text }));

test("a build's time is told by the lifecycle's phases and what buildpacks do", () => {
  const phases = packPhases(lines, { began: 1000, ended: 13_000 });
  expect(phases.map(({ name, seconds }) => `${name} ${seconds.toFixed(2)}`)).toEqual([
    "set-up 0.40",
    "analyze 0.10",
    "detect 0.04",
    "restore 0.01",
    "build 0.09",
    "build: Choosing Python 0.06",
    "build: Locking Python packages 2.00",
    "build: Installing Python packages 6.00",
    "export 2.00",
    "push 1.00",
    "tear-down 0.30",
  ]);
});

test("the parts add up to the whole", () => {
  const phases = packPhases(lines, { began: 1000, ended: 13_000 });
  expect(phases.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(12);
});

test("phases that run in containers of their own are known by their prefix", () => {
  const text = ["===> ANALYZING", "[builder] [Choosing Python]", "===> BUILDING"];
  const prefixed = ["[analyzer] ===> ANALYZING", "===> BUILDING", "[builder] [Choosing Python]"];
  const names = (given: readonly string[]) =>
    packPhases(
      given.map((line) => ({ text: line, at: 0 })),
      { began: 0, ended: 0 },
    ).map(({ name }) => name);
  expect(names(prefixed)).toEqual(["set-up", "analyze", "build", "build: Choosing Python"]);
  expect(names(text)).toEqual(["set-up", "analyze", "build"]);
});
