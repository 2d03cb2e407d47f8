import { describe, expect, it } from "vitest";
import type { Footprint } from "../../../src/python/environment/footprint.ts";
import {
  LIGHT_LAYERS,
  lightLayerOf,
  splitByWeight,
  type Split,
} from "../../../src/python/environment/split.ts";

const MB = 1000;

describe("which distributions have a layer of their own", () => {
  it.each<[string, Record<string, Partial<Footprint>>, Record<string, string[]>]>([
    ["none, for an empty lock", {}, { environment: [] }],
    [
      "those of more than 10 MB",
      { six: { kilobytes: 10 * MB }, numpy: { kilobytes: 10 * MB + 1 } },
      { environment: ["six"], numpy: ["numpy"] },
    ],
    [
      "groups whose sum is heavy, named after the heaviest",
      {
        "opencv-contrib": { kilobytes: 6 * MB, packages: ["cv2"] },
        opencv: { kilobytes: 5 * MB, packages: ["cv2"] },
      },
      { environment: [], "opencv-contrib": ["opencv", "opencv-contrib"] },
    ],
    [
      "a part of a package with the package that it is a part of",
      {
        base: { kilobytes: 20 * MB, packages: ["base"] },
        plugin: { packages: ["base/plugins/one"] },
        stranger: { packages: ["basement"] },
      },
      { environment: ["stranger"], base: ["base", "plugin"] },
    ],
    [
      "each in a namespace that is no package",
      {
        one: { kilobytes: 20 * MB, packages: ["google/cloud/one"] },
        two: { kilobytes: 20 * MB, packages: ["google/cloud/two", "google/cloud/"] },
      },
      { environment: [], one: ["one"], two: ["two"] },
    ],
    [
      "a namespace together where one ships its __init__.py",
      {
        one: { kilobytes: 20 * MB, packages: ["google"] },
        two: { packages: ["google/two"] },
      },
      { environment: [], one: ["one", "two"] },
    ],
    [
      "all of NVIDIA's together, whether a package or not",
      {
        "nvidia-a": { kilobytes: 6 * MB, packages: ["nvidia"] },
        "nvidia-b": { kilobytes: 6 * MB, packages: ["nvidia/"] },
        "nvidia-ml-py": { packages: ["pynvml"] },
      },
      { environment: ["nvidia-ml-py"], nvidia: ["nvidia-a", "nvidia-b"] },
    ],
    [
      "none that ships a .pth, nor those that belong to it",
      {
        hook: { kilobytes: 20 * MB, startup: true, packages: ["both"] },
        friend: { kilobytes: 20 * MB, packages: ["both"] },
      },
      { environment: ["friend", "hook"] },
    ],
    [
      "those that share files outside site-packages, together",
      {
        one: { kilobytes: 20 * MB, outside: ["share/both"] },
        two: { outside: ["share/both"] },
      },
      { environment: [], one: ["one", "two"] },
    ],
    [
      "those whose files outside lie in a directory that is another's",
      {
        one: { kilobytes: 20 * MB, outside: ["share/a/b/c"] },
        two: { outside: ["share/a/b/c/d/e"] },
        three: { outside: ["share/a/b/cc"], packages: ["share/a/b/c/x"] },
      },
      { environment: ["three"], one: ["one", "two"] },
    ],
    [
      "none whose libraries look for others in the venv's lib",
      {
        mkl: { kilobytes: 20 * MB, outside: ["lib/libmkl.so"] },
        user: { kilobytes: 20 * MB, siblings: ["../.."] },
      },
      { environment: ["user"], mkl: ["mkl"] },
    ],
    [
      "a name that a layer may not have",
      { launch: { kilobytes: 20 * MB }, nvidia: { kilobytes: 20 * MB, packages: ["other"] } },
      { environment: [], "launch-package": ["launch"], "nvidia-package": ["nvidia"] },
    ],
  ])("%s", (_what, footprints, layers) => {
    expect(withLightTogether(splitByWeight(footprintsOf(footprints), 40))).toEqual(layers);
  });

  it("lets the lightest join the environment when there are too many", () => {
    const footprints = footprintsOf({
      light: {},
      a: { kilobytes: 20 * MB },
      b: { kilobytes: 40 * MB },
      c: { kilobytes: 30 * MB },
    });

    expect(withLightTogether(splitByWeight(footprints, 2))).toEqual({
      environment: ["a", "light"],
      b: ["b"],
      c: ["c"],
    });
  });

  it("lets what took long to make be apart, as if it were heavy", () => {
    const footprints = footprintsOf({
      light: {},
      kernel: { apart: true },
      a: { kilobytes: 20 * MB },
    });

    expect(withLightTogether(splitByWeight(footprints, 40))).toEqual({
      environment: ["light"],
      a: ["a"],
      kernel: ["kernel"],
    });
  });

  it("does not depend on the order in which distributions became known", () => {
    const one = footprintsOf({
      a: { kilobytes: 20 * MB, packages: ["x"] },
      b: { packages: ["x/y"] },
      c: { kilobytes: 20 * MB, packages: ["x/y/z"] },
    });
    const two = new Map([...one].toReversed());

    expect([...splitByWeight(two, 40)]).toEqual([...splitByWeight(one, 40)]);
  });
});

describe("which light distributions are in the environment", () => {
  it("none that is nothing but modules, with others that belong to it", () => {
    const split = splitByWeight(
      footprintsOf({ six: {}, one: { packages: ["x"] }, two: { packages: ["x/y"] } }),
      40,
    );

    expect(split.get("environment")).toEqual([]);
    expect(split.get(lightLayerOf("six"))).toContain("six");
    expect(split.get(lightLayerOf("one"))).toEqual(expect.arrayContaining(["one", "two"]));
  });

  it.each<[string, Partial<Footprint>]>([
    ["has a program", { outside: ["bin/flask"] }],
    ["ships a .pth", { startup: true }],
    ["looks for other packages' libraries", { siblings: ["numpy.libs"] }],
    ["is one of NVIDIA's", { packages: ["nvidia/"] }],
  ])("one that %s", (_what, footprint) => {
    expect(splitByWeight(footprintsOf({ flask: footprint }), 40).get("environment")).toEqual([
      "flask",
    ]);
  });

  it("all, where the app wants one layer", () => {
    const footprints = footprintsOf({ six: {}, big: { kilobytes: 20 * MB } });

    expect(Object.fromEntries(splitByWeight(footprints, 0))).toEqual({
      environment: ["big", "six"],
    });
  });

  it("the others are spread, each to where it is whoever else is there", () => {
    const names = Array.from({ length: 80 }, (_, index) => `package-${index}`);
    const all = Object.fromEntries(names.map((name) => [name, {}]));
    const { "package-7": _gone, ...rest } = all;

    const before = splitByWeight(footprintsOf(all), 40);
    const after = splitByWeight(footprintsOf(rest), 40);

    const changed = LIGHT_LAYERS.filter(
      (layer) => before.get(layer)?.length !== after.get(layer)?.length,
    );
    expect(changed).toEqual([lightLayerOf("package-7")]);
    for (const layer of LIGHT_LAYERS) expect(before.get(layer)?.length).toBeGreaterThan(3);
  });
});

/** Tells heavy from light alone. */
function withLightTogether(split: Split): Record<string, readonly string[]> {
  const isLight = (layer: string) => layer === "environment" || LIGHT_LAYERS.includes(layer);
  const light = [...split].flatMap(([layer, members]) => (isLight(layer) ? members : []));
  return {
    ...Object.fromEntries([...split].filter(([layer]) => !isLight(layer))),
    environment: light.sort(),
  };
}

function footprintsOf(given: Record<string, Partial<Footprint>>): Map<string, Footprint> {
  return new Map(
    Object.entries(given).map(([name, footprint]) => [
      name,
      {
        kilobytes: 1,
        packages: [name.replaceAll("-", "_")],
        outside: [],
        siblings: [],
        startup: false,
        apart: false,
        ...footprint,
      },
    ]),
  );
}
