import { describe, expect, it } from "vitest";
import type { Footprint } from "../../../src/python/environment/footprint.ts";
import {
  formatMetadata,
  type MadeLayer,
  type MadeWith,
  parseMetadata,
  reasonUnreadable,
} from "../../../src/python/environment/layer-metadata.ts";
import { settle } from "../../../src/python/environment/settle.ts";
import { lightLayerOf } from "../../../src/python/environment/split.ts";
import { formatToml, parseToml } from "../../../src/cnb/toml.ts";
import type { Distribution } from "../../../src/python/lock.ts";

const MADE_WITH: MadeWith = {
  python: "3.13",
  arch: "amd64",
  distro: "debian 13",
  layersDir: "/layers/ml-buildpacks_site-packages",
  builtAgainst: [],
};

const SHA = "0123456789abcdef".repeat(4);

/** What the files of some distributions turn out to be, whatever their version. */
const FILES: Record<string, Partial<Footprint>> = {
  big: { kilobytes: 20_000, outside: ["bin/big"] },
  huge: { kilobytes: 30_000, siblings: ["nvidia"] },
  "big-plugin": { packages: ["big/plugin"] },
  "nvidia-x": { kilobytes: 50_000, packages: ["nvidia/"] },
  // What has programs is in the environment, whatever else there is.
  small: { outside: ["bin/small"] },
  more: { outside: ["bin/more"] },
};

/** Two of one light layer, and one of another. */
const THREE = findThree();

function findThree(): readonly string[] {
  const names = Array.from({ length: 20 }, (_, index) => `modules-${index}`);
  const [one = ""] = names;
  const two = names.find((name) => name !== one && lightLayerOf(name) === lightLayerOf(one)) ?? "";
  const other = names.find((name) => lightLayerOf(name) !== lightLayerOf(one)) ?? "";
  return [one, two, other];
}

describe("which layers stand", () => {
  it("all, and nothing is installed, where nothing has changed", async () => {
    const found = await buildOf(["big", "huge", "small"]);

    const again = await buildOf(["big", "huge", "small"], { found: found.layers });

    expect(again.standing).toEqual(["big", "environment", "huge"]);
    expect(again.installed).toEqual([]);
  });

  it("all but the environment where a package with a program is added", async () => {
    const { layers } = await buildOf(["big", "huge", "small", "six"]);

    const next = await buildOf(["big", "huge", "small", "more", "six"], { found: layers });

    expect(next.standing).toEqual(["big", "huge", lightLayerOf("six")]);
    expect(next.installed).toEqual([["more"], ["small"]]);
  });

  it("all but one light layer where a package of modules is added, and that is known beforehand", async () => {
    const [one = "", two = "", other = ""] = THREE;
    const { layers } = await buildOf(["big", "small", one, other]);

    const next = await buildOf(["big", "small", one, two, other], { found: layers });

    expect(next.standing).toEqual(["big", "environment", lightLayerOf(other)]);
    expect(next.installed).toEqual([[one, two].sort()]);
  });

  it("the environment where a light layer is new", async () => {
    const { layers } = await buildOf(["big", "small"]);

    const next = await buildOf(["big", "small", "six"], { found: layers });

    expect(next.standing).toEqual(["big", "environment"]);
    expect(next.installed).toEqual([["six"]]);
  });

  it("the environment where only a heavy package has another version", async () => {
    const { layers } = await buildOf(["big", "huge", "small"]);

    const next = await buildOf(["big==2", "huge", "small"], { found: layers });

    expect(next.standing).toEqual(["environment", "huge"]);
    expect(next.installed).toEqual([["big"]]);
  });

  it("no environment where a heavy package has gone", async () => {
    const { layers } = await buildOf(["big", "huge", "small"]);

    const next = await buildOf(["huge", "small"], { found: layers });

    expect(next.standing).toEqual(["huge"]);
    expect(next.installed).toEqual([["small"]]);
  });

  it("no layer that what was installed turns out to belong to", async () => {
    const { layers } = await buildOf(["big", "huge"]);

    const next = await buildOf(["big", "huge", "big-plugin"], { found: layers });

    expect(next.standing).toEqual(["environment", "huge"]);
    expect(next.installed).toEqual([["big-plugin"], ["big"]]);
  });

  it("no layer that would now have a link to NVIDIA's", async () => {
    const { layers } = await buildOf(["big", "huge"]);

    const next = await buildOf(["big", "huge", "nvidia-x"], { found: layers });

    expect(next.standing).toEqual(["big"]);
  });

  it("no heavy layers where the app wants none", async () => {
    const { layers } = await buildOf(["big", "small"]);

    const next = await buildOf(["big", "small"], { found: layers, mostHeavyLayers: 0 });

    expect(next.standing).toEqual([]);
    expect(next.installed.flat().sort()).toEqual(["big", "small"]);
  });

  it("no environment where it holds everything and a package is added, which is known beforehand", async () => {
    const one = { mostHeavyLayers: 0 };
    const { layers } = await buildOf(["big", "six"], one);

    const next = await buildOf(["big", "six", "small"], { ...one, found: layers });

    expect(next.standing).toEqual([]);
    expect(next.installed).toEqual([["big", "six", "small"]]);
  });

  it.each<[string, Partial<MadeWith>]>([
    ["another minor version of Python", { python: "3.14" }],
    ["another architecture", { arch: "arm64" }],
    ["another distribution of Linux", { distro: "debian 14" }],
    ["another layers directory", { layersDir: "/other" }],
  ])("none with %s", async (_what, change) => {
    const { layers } = await buildOf(["big", "small"]);

    const next = await buildOf(["big", "small"], {
      found: layers,
      madeWith: { ...MADE_WITH, ...change },
    });

    expect(next.standing).toEqual([]);
  });

  it("heavy ones with another interpreter of the same minor version", async () => {
    const { layers } = await buildOf(["big", "small"]);

    const next = await buildOf(["big", "small"], { found: layers, interpreter: "/opt/python3" });

    expect(next.standing).toEqual(["big"]);
  });

  it("those without wheels built from source, where those were built against something else", async () => {
    const fromSource: Distribution = { from: "sdist", name: "big", version: "1", sha256: "s" };
    const { layers } = await buildOf([fromSource, "huge", "small"]);
    const madeWith = { ...MADE_WITH, builtAgainst: ["libpq 17"] };

    const next = await buildOf([fromSource, "huge", "small"], { found: layers, madeWith });

    expect(next.standing).toEqual(["environment", "huge"]);
  });

  it.each<[string, Distribution]>([
    ["another file", { from: "wheel", name: "big", version: "1", sha256: "other" }],
    [
      "another index",
      { from: "wheel", name: "big", version: "1", sha256: "1", index: "https://x" },
    ],
    ["another source", { from: "sdist", name: "big", version: "1", sha256: "1" }],
    ["a commit", { from: "git", name: "big", url: "https://x", commit: "abc" }],
  ])("none of %s of the same version", async (_what, big) => {
    const { layers } = await buildOf(["big", "small"]);

    const next = await buildOf([big, "small"], { found: layers });

    expect(next.standing).toEqual(["environment"]);
  });
});

describe("why a layer does not stand", () => {
  it("is not told where all stand, nor where there was none", async () => {
    const first = await buildOf(["big", "small"]);
    const again = await buildOf(["big", "small"], { found: first.layers });

    expect([first.discarded, again.discarded]).toEqual([{}, {}]);
  });

  it.each<[string, Options, readonly string[]]>([
    [
      "another minor version of Python",
      { madeWith: { ...MADE_WITH, python: "3.14" } },
      ["The Python version has changed from 3.13 to 3.14"],
    ],
    [
      "another architecture and distribution of Linux",
      { madeWith: { ...MADE_WITH, arch: "arm64", distro: "debian 14" } },
      [
        "The CPU architecture has changed from amd64 to arm64",
        "The distribution of Linux has changed from debian 13 to debian 14",
      ],
    ],
    [
      "another layers directory",
      { madeWith: { ...MADE_WITH, layersDir: "/other" } },
      ["The layers directory has changed from /layers/ml-buildpacks_site-packages to /other"],
    ],
  ])("is told once for all with %s", async (_what, options, reasons) => {
    const { layers } = await buildOf(["big", "small"]);

    // Another minor version brings other files of many packages.
    const other: Distribution = { from: "wheel", name: "big", version: "1", sha256: "other" };
    const next = await buildOf([other, "small"], { found: layers, ...options });

    expect(next.discarded).toEqual({ big: reasons, environment: reasons });
  });

  it("names the interpreter", async () => {
    const { layers } = await buildOf(["big", "small"]);

    const next = await buildOf(["big", "small"], { found: layers, interpreter: "/opt/python3" });

    expect(next.discarded).toEqual({
      environment: ["The interpreter has changed from /usr/bin/python3 to /opt/python3"],
    });
  });

  it("names the packages that come with the interpreter", async () => {
    const { layers } = await buildOf(["big", "small"]);

    const next = await buildOf(["big", "small"], { found: layers, hasPackages: true });
    const same = await buildOf(["big", "small"], { found: next.layers, hasPackages: true });

    expect(next.discarded).toEqual({
      environment: [
        "Whether the interpreter's own packages are seen has changed from false to true",
      ],
    });
    expect(same.discarded).toEqual({});
  });

  it.each<[string, Distribution, string]>([
    ["version", wheel({ version: "2" }), "big has changed from 1 to 2"],
    ["file", wheel({ sha256: SHA }), "The file of big has changed"],
    [
      "source",
      { from: "sdist", name: "big", version: "1", sha256: "1" },
      "The source of big has changed from wheel to sdist",
    ],
    ["index", wheel({ index: "https://x" }), "The index of big has changed"],
  ])("names a package's %s", async (_what, big, reason) => {
    const { layers } = await buildOf(["big", "small"]);

    const next = await buildOf([big, "small"], { found: layers });

    expect(next.discarded).toEqual({ big: [reason] });
  });

  it("names the commit", async () => {
    const git = { from: "git", name: "big", url: "https://x" } as const;
    const { layers } = await buildOf([{ ...git, commit: SHA.slice(0, 40) }, "small"]);

    const next = await buildOf([{ ...git, commit: SHA.slice(24) }, "small"], { found: layers });

    expect(next.discarded).toEqual({ big: ["The commit of big has changed"] });
  });

  it("names new packages, and those that have gone", async () => {
    const [one = "", two = ""] = THREE;
    const { layers } = await buildOf(["big", "huge", "small", one]);

    const next = await buildOf(["huge", "small", two], { found: layers });

    expect(next.discarded).toEqual({
      big: ["big is not in the lock any more"],
      environment: ["big has no layer of its own any more"],
      [lightLayerOf(one)]: [`${one} is not in the lock any more`, `${two} is new`],
    });
  });

  it("is short where much has changed", async () => {
    const names = ["a", "b", "c", "d", "e", "f", "g"];
    const all = [...names, ...names.map((name) => `${name}-old`)];
    for (const name of all) FILES[name] = { outside: [`bin/${name}`] };
    const { layers } = await buildOf(all);

    const next = await buildOf(
      names.map((name) => `${name}==2`),
      { found: layers },
    );

    expect(next.discarded).toEqual({
      environment: [
        "a has changed from 1 to 2",
        "b has changed from 1 to 2",
        "c has changed from 1 to 2",
        "d has changed from 1 to 2",
        "e has changed from 1 to 2",
        "2 other packages have changed",
        "a-old, b-old, c-old, d-old and 3 others are not in the lock any more",
      ],
    });
  });

  it("tells what packages from source were built against, without the users' own values", async () => {
    const fromSource: Distribution = { from: "sdist", name: "big", version: "1", sha256: "s" };
    const before = { ...MADE_WITH, builtAgainst: ["CPATH=sha256:0", "libpq-dev=17"] };
    const { layers } = await buildOf([fromSource, "small"], { madeWith: before });
    const now = { ...MADE_WITH, builtAgainst: [`CPATH=sha256:${SHA}`, "libpq-dev=18", "x=1"] };

    const next = await buildOf([fromSource, "small"], { found: layers, madeWith: now });

    expect(next.discarded).toEqual({
      big: ["CPATH has changed", "libpq-dev has changed from 17 to 18", "x has changed"],
    });
  });

  it("tells how packages are grouped now", async () => {
    const { layers } = await buildOf(["big", "huge", "small"]);

    const gone = await buildOf(["huge", "small"], { found: layers });
    const none = await buildOf(["big", "huge", "small"], { found: layers, mostHeavyLayers: 1 });
    const more = await buildOf(["big", "huge", "small", "big-plugin"], { found: layers });
    const linked = await buildOf(["big", "huge", "small", "nvidia-x"], { found: layers });

    expect([gone, none, more, linked].map(({ discarded }) => discarded)).toEqual([
      {
        big: ["big is not in the lock any more"],
        environment: ["big has no layer of its own any more"],
      },
      {
        big: ["its packages are in other layers now"],
        environment: ["big belongs to it now", "big has no layer of its own any more"],
      },
      { big: ["big-plugin belongs to it now"] },
      {
        environment: ["nvidia has a layer of its own now"],
        huge: ["its links to other layers' files have changed"],
      },
    ]);
  });
});

describe("a layer's metadata", () => {
  it("is small and readable", async () => {
    const git: Distribution = {
      from: "git",
      name: "small",
      url: "https://example.com/small",
      commit: "0123456789abcdef0123456789abcdef01234567",
    };
    const { layers } = await buildOf(["big", "huge", "nvidia-x", git]);

    expect(
      layers.map((layer) => formatToml({ [layer.plan.name]: formatMetadata(layer) })).join("\n"),
    ).toMatchInlineSnapshot(`
      "[environment]
      layout = 3
      python = "3.13"
      arch = "amd64"
      distro = "debian 13"
      layers = "/layers/ml-buildpacks_site-packages"
      interpreter = "/usr/bin/python3"
      joined = [
        "big",
        "huge",
        "light-1",
        "light-2",
        "light-3",
        "light-4",
        "light-5",
        "light-6",
        "light-7",
        "light-8",
        "nvidia"
      ]

        [environment.links]
        "bin/big" = "big"
        "lib/python3.13/site-packages/nvidia" = "nvidia"

      [environment.distributions.small]
      url = "https://example.com/small"
      commit = "0123456789abcdef0123456789abcdef01234567"
      from = "git"
      kB = 5
      outside = [ "bin/small" ]

      [big]
      layout = 3
      python = "3.13"
      arch = "amd64"
      distro = "debian 13"
      layers = "/layers/ml-buildpacks_site-packages"

      [big.distributions.big]
      version = "1"
      sha256 = "1"
      kB = 20_000
      outside = [ "bin/big" ]

      [huge]
      layout = 3
      python = "3.13"
      arch = "amd64"
      distro = "debian 13"
      layers = "/layers/ml-buildpacks_site-packages"

        [huge.links]
        nvidia = "nvidia"

      [huge.distributions.huge]
      version = "1"
      sha256 = "1"
      kB = 30_000
      siblings = [ "nvidia" ]

      [nvidia]
      layout = 3
      python = "3.13"
      arch = "amd64"
      distro = "debian 13"
      layers = "/layers/ml-buildpacks_site-packages"

      [nvidia.distributions.nvidia-x]
      version = "1"
      sha256 = "1"
      kB = 50_000
      packages = [ "nvidia/" ]
      "
    `);
  });

  it("is not taken for one of this layout where it is of another", async () => {
    const { layers } = await buildOf(["big"]);
    const [layer] = layers;
    const metadata = { ...(layer === undefined ? {} : formatMetadata(layer)), layout: 0 };

    const found = { name: "big", metadata, hasContents: false };

    expect(parseMetadata(found)).toBeUndefined();
    expect(reasonUnreadable(found)).toEqual(["The form of layers has changed from 0 to 3"]);
  });
});

interface Options {
  readonly found?: readonly MadeLayer[];
  readonly madeWith?: MadeWith;
  readonly mostHeavyLayers?: number;
  readonly interpreter?: string;
  readonly hasPackages?: boolean;
}

/** One build, and what the next one finds of it. */
async function buildOf(wanted: readonly (string | Distribution)[], options: Options = {}) {
  const { found = [], madeWith = MADE_WITH, mostHeavyLayers = 40 } = options;
  const path = options.interpreter ?? "/usr/bin/python3";
  const { hasPackages = false } = options;
  const interpreter = { path, version: "3.13.5", minor: "3.13", recreate: undefined, hasPackages };
  const lock = wanted.map(distributionFor);
  const installed: string[][] = [];
  const discarded: Record<string, readonly string[]> = {};
  const settled = await settle({
    needsLibraryPath: false,
    lock,
    interpreter,
    madeWith,
    mostHeavyLayers,
    found,
    install: async (distributions) => {
      installed.push(distributions.map(({ name }) => name).sort());
      return new Map(distributions.map(({ name }) => [name, footprintOf(name)]));
    },
    discarding: (reasons) => {
      for (const [layer, all] of reasons) discarded[layer] = all;
    },
  });
  const layers = [...settled.plans.values()].map((plan): MadeLayer => {
    const metadata = formatMetadata({
      plan,
      interpreter: plan.name === "environment" ? path : undefined,
      systemSitePackages: plan.name === "environment" && hasPackages,
      madeWith,
      distributions: lock.filter(({ name }) => plan.members.includes(name)),
      footprints: settled.footprints,
    });
    const read = parseToml(formatToml(metadata));
    const parsed = parseMetadata({ name: plan.name, metadata: read, hasContents: false });
    if (parsed === undefined) throw new Error(`unreadable: ${JSON.stringify(read)}`);
    return parsed;
  });
  return { layers, installed, discarded, standing: [...settled.standing].sort() };
}

function wheel(facts: Partial<Extract<Distribution, { from: "wheel" }>>): Distribution {
  return { from: "wheel", name: "big", version: "1", sha256: "1", ...facts };
}

function distributionFor(wanted: string | Distribution): Distribution {
  if (typeof wanted !== "string") return wanted;
  const [name = "", version = "1"] = wanted.split("==");
  return { from: "wheel", name, version, sha256: version };
}

function footprintOf(name: string): Footprint {
  const usual = {
    ...{ kilobytes: 5, packages: [name], outside: [], siblings: [] },
    ...{ startup: false, apart: false },
  };
  return { ...usual, ...FILES[name] };
}
