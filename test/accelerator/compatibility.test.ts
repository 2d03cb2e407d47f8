import { describe, expect, test } from "vitest";
import { architectureOf, compatibility, findGpu } from "../../src/accelerator/compatibility.ts";
import { boundsOf, compareVersions, following, newestOf } from "../../src/accelerator/versions.ts";

describe("the data", () => {
  const data = compatibility();

  test("names a source that is there for whatever it says", () => {
    const named = JSON.stringify(data, (key, value: unknown) =>
      key === "sources" && !Array.isArray(value) ? undefined : value,
    );
    const used = [...named.matchAll(/"sources":\[([^\]]*)\]/g)].flatMap(([, list = ""]) =>
      list.split(",").map((one) => one.slice(1, -1)),
    );

    expect(used.filter((one) => !(one in data.sources))).toEqual([]);
    expect(Object.keys(data.sources).filter((one) => !used.includes(one))).toEqual([]);
    expect(Object.values(data.sources).every((url) => URL.canParse(url))).toBe(true);
  });

  test("lists versions oldest first, each once, so that the last is the newest", () => {
    const lists = [
      data.cuda.release.map(({ version }) => version),
      data.torch.map(({ release }) => release),
      ...data.torch.map(({ cuda }) => Object.keys(cuda)),
      ...data.package.map(({ builds = [] }) =>
        builds.map(({ versions }) => boundsOf(versions).lowest),
      ),
    ];

    for (const list of lists) expect(list).toEqual([...new Set(list)].sort(compareVersions));
  });

  test("has no gap between builds of a package", () => {
    for (const { builds = [] } of data.package) {
      const bounds = builds.map(({ versions }) => boundsOf(versions));
      expect(bounds.slice(1).map(({ lowest }) => lowest)).toEqual(
        bounds.slice(0, -1).map(({ end }) => end),
      );
    }
  });

  test("knows each CUDA version and each GPU that it names", () => {
    const cuda = new Set(data.cuda.release.map(({ version }) => version));
    const named = data.torch.flatMap((torch) => [torch.pypi, ...Object.keys(torch.cuda)]);
    const capabilities = data.torch.flatMap((torch) => Object.values(torch.cuda).flat());

    expect([...named, data.cuda.default].filter((one) => !cuda.has(one))).toEqual([]);
    expect(capabilities.filter((one) => architectureOf(one) === undefined)).toEqual([]);
    expect(
      Object.keys(data.gpus).filter(
        (one) => one !== "sources" && architectureOf(one) === undefined,
      ),
    ).toEqual([]);
  });

  test("knows each Python that it names, the newest among them", () => {
    const ranges = [...data.torch, ...data.package.flatMap(({ builds = [] }) => builds)].flatMap(
      ({ python }) => python ?? [],
    );
    const ends = ranges.flatMap((range) => boundsOf(range).end ?? []);

    expect(newestOf(ends)).toBe(following(data.pythons.at(-1) ?? ""));
    expect(data.pythons).toEqual([...data.pythons].sort(compareVersions));
    expect(
      ranges.map((range) => boundsOf(range).lowest).filter((one) => !data.pythons.includes(one)),
    ).toEqual([]);
  });

  test("compiles for capabilities that it knows", () => {
    for (const { capabilities, usual = [] } of data.architecture) {
      expect(capabilities).toEqual(expect.arrayContaining([...usual]));
    }
    const known = new Set(data.architecture.flatMap(({ capabilities }) => capabilities));
    const named = data.build.flatMap(({ capabilities = [] }) => capabilities);
    expect(named.filter((one) => !known.has(one))).toEqual([]);
  });

  test("has a wheel for each library that packages need", () => {
    const needed = data.package.flatMap(({ libraries = [], builds = [] }) => [
      ...libraries,
      ...builds.flatMap((build) => build.libraries ?? []),
    ]);

    expect(needed.filter((one) => !(one in data.library))).toEqual([]);
    expect(data["torch-brings"].libraries.filter((one) => !(one in data.library))).toEqual([]);
  });

  test("has each name once, normalised", () => {
    const names = [...data.package, ...data.build].flatMap((one) => one.names);
    const ofPackages = data.package.flatMap((one) => one.names);

    expect(names.filter((one) => one !== one.toLowerCase().replaceAll(/[_.]/g, "-"))).toEqual([]);
    expect(ofPackages.length).toBe(new Set(ofPackages).size);
  });
});

describe("a GPU", () => {
  test.each([
    ["l4", "l4", "8.9"],
    ["NVIDIA L4", "l4", "8.9"],
    ["Tesla V100", "v100", "7.0"],
    ["A100 80GB", "a100", "8.0"],
    ["NVIDIA GeForce RTX 4090", "rtx-4090", "8.9"],
    ["RTX 6000 Ada", "rtx-6000-ada", "8.9"],
    ["Quadro RTX 6000", "rtx-6000", "7.5"],
    ["rtx_a6000", "rtx-a6000", "8.6"],
    ["RTX PRO 6000 Blackwell", "rtx-pro-6000", "12.0"],
    ["Jetson AGX Orin", "jetson-orin", "8.7"],
    ["GB200", "gb200", "10.0"],
    ["8.9", "8.9", "8.9"],
    ["sm_89", "8.9", "8.9"],
    ["sm_100", "10.0", "10.0"],
    ["sm_90a", "9.0", "9.0"],
    ["compute_75", "7.5", "7.5"],
  ])("%s is %s (%s)", (written, name, capability) => {
    expect(findGpu(written)).toEqual({ name, capability });
  });

  test("of an unknown name is answered with the nearest", () => {
    expect(findGpu("h10")).toEqual({ nearest: expect.arrayContaining(["h100"]) as unknown });
    expect(findGpu("rtx 409")).toEqual({
      nearest: expect.arrayContaining(["rtx-4090"]) as unknown,
    });
    expect(findGpu("potato")).toEqual({ nearest: [] });
  });
});
