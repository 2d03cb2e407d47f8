import { describe, expect, it } from "vitest";
import type { Footprint } from "../../../src/python/environment/footprint.ts";
import {
  formatMetadata,
  type MadeLayer,
  type MadeWith,
  parseMetadata,
} from "../../../src/python/environment/layer-metadata.ts";
import { settle } from "../../../src/python/environment/settle.ts";
import { formatToml, parseToml } from "../../../src/cnb/toml.ts";
import type { Distribution } from "../../../src/python/lock.ts";

const MADE_WITH: MadeWith = {
  python: "3.13",
  arch: "amd64",
  distro: "debian 13",
  layersDir: "/layers/ml-buildpacks_site-packages",
  builtAgainst: [],
};

/** What the files of some distributions turn out to be, whatever their version. */
const FILES: Record<string, Partial<Footprint>> = {
  big: { kilobytes: 20_000, outside: ["bin/big"] },
  huge: { kilobytes: 30_000, siblings: ["nvidia"] },
  "big-plugin": { packages: ["big/plugin"] },
  "nvidia-x": { kilobytes: 50_000, packages: ["nvidia/"] },
};

describe("which layers stand", () => {
  it("all, and nothing is installed, where nothing has changed", async () => {
    const found = await buildOf(["big", "huge", "small"]);

    const again = await buildOf(["big", "huge", "small"], { found: found.layers });

    expect(again.standing).toEqual(["big", "environment", "huge"]);
    expect(again.installed).toEqual([]);
  });

  it("heavy ones where a light package is added; the light ones are installed again", async () => {
    const { layers } = await buildOf(["big", "huge", "small"]);

    const next = await buildOf(["big", "huge", "small", "more"], { found: layers });

    expect(next.standing).toEqual(["big", "huge"]);
    expect(next.installed).toEqual([["more", "small"]]);
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

    expect(next.standing).toEqual(["huge"]);
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
      layout = 1
      python = "3.13"
      arch = "amd64"
      distro = "debian 13"
      layers = "/layers/ml-buildpacks_site-packages"
      interpreter = "/usr/bin/python3"
      joined = [ "big", "huge", "nvidia" ]

        [environment.links]
        "bin/big" = "big"
        "lib/python3.13/site-packages/nvidia" = "nvidia"

      [environment.distributions.small]
      url = "https://example.com/small"
      commit = "0123456789abcdef0123456789abcdef01234567"
      from = "git"
      kB = 5

      [big]
      layout = 1
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
      layout = 1
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
      layout = 1
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

    expect(parseMetadata({ name: "big", metadata, hasContents: false })).toBeUndefined();
  });
});

interface Options {
  readonly found?: readonly MadeLayer[];
  readonly madeWith?: MadeWith;
  readonly mostHeavyLayers?: number;
  readonly interpreter?: string;
}

/** One build, and what the next one finds of it. */
async function buildOf(wanted: readonly (string | Distribution)[], options: Options = {}) {
  const { found = [], madeWith = MADE_WITH, mostHeavyLayers = 40 } = options;
  const path = options.interpreter ?? "/usr/bin/python3";
  const interpreter = { path, version: "3.13.5", minor: "3.13", recreate: undefined };
  const lock = wanted.map(distributionFor);
  const installed: string[][] = [];
  const settled = await settle({
    lock,
    interpreter,
    madeWith,
    mostHeavyLayers,
    found,
    install: async (distributions) => {
      installed.push(distributions.map(({ name }) => name).sort());
      return new Map(distributions.map(({ name }) => [name, footprintOf(name)]));
    },
  });
  const layers = [...settled.plans.values()].map((plan): MadeLayer => {
    const metadata = formatMetadata({
      plan,
      interpreter: plan.name === "environment" ? path : undefined,
      madeWith,
      distributions: lock.filter(({ name }) => plan.members.includes(name)),
      footprints: settled.footprints,
    });
    const read = parseToml(formatToml(metadata));
    const parsed = parseMetadata({ name: plan.name, metadata: read, hasContents: false });
    if (parsed === undefined) throw new Error(`unreadable: ${JSON.stringify(read)}`);
    return parsed;
  });
  return { layers, installed, standing: [...settled.standing].sort() };
}

function distributionFor(wanted: string | Distribution): Distribution {
  if (typeof wanted !== "string") return wanted;
  const [name = "", version = "1"] = wanted.split("==");
  return { from: "wheel", name, version, sha256: version };
}

function footprintOf(name: string): Footprint {
  const usual = { kilobytes: 5, packages: [name], outside: [], siblings: [], startup: false };
  return { ...usual, ...FILES[name] };
}
