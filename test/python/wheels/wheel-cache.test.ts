import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { findLayers, openLayer } from "../../../src/cnb/layer.ts";
import { formatToml, parseToml } from "../../../src/cnb/toml.ts";
import { createLog } from "../../../src/kit/log.ts";
import type { Lock } from "../../../src/python/lock.ts";
import type { Sdist } from "../../../src/python/wheels/source.ts";
import {
  keepBuiltWheels,
  openWheelCache,
  type Wheel,
} from "../../../src/python/wheels/wheel-cache.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const demo: Sdist = { from: "sdist", name: "demo", version: "1.0", sha256: "aa" };
const other: Sdist = { from: "sdist", name: "other", version: "2.0", sha256: "bb" };

interface Machine {
  readonly layers: string;
  readonly output: string[];
}

async function machine(): Promise<Machine> {
  return { layers: await temporaryDirectory(), output: [] };
}

function open(
  { layers, output }: Machine,
  lock: Lock,
  { minor = "3.13", builtAgainst = [] as readonly string[] } = {},
) {
  const place = { layersDir: layers, sbomMediaTypes: [] };
  const sink = (line: string) => void output.push(line);
  return openWheelCache({
    context: {
      layer: (spec) => openLayer(place, spec),
      target: {
        os: "linux",
        arch: "amd64",
        variant: undefined,
        distro: { name: "debian", version: "13" },
      },
      log: createLog({ out: sink, err: sink, debug: false }),
    },
    interpreter: { path: "/usr/bin/python3", version: `${minor}.1`, minor, recreate: undefined },
    builtAgainst,
    lock,
  });
}

async function wheelOf(name: string, bytes = 10): Promise<Wheel> {
  const path = join(await temporaryDirectory(), `${name}-1.0-py3-none-any.whl`);
  await writeFile(path, Buffer.alloc(bytes, name));
  return { path, apart: true };
}

/** What the lifecycle does between two builds: it takes the types out of each layer's TOML. */
async function restore({ layers }: Machine): Promise<void> {
  const path = join(layers, "wheels.toml");
  const { metadata } = parseToml(await readFile(path, "utf8")) as {
    metadata: Record<string, never>;
  };
  await writeFile(path, formatToml({ metadata }));
}

async function cacheWith(sources: readonly Sdist[], options = {}): Promise<Machine> {
  const made = await machine();
  const cache = await open(made, sources, options);
  for (const source of sources) await cache.add(source, await wheelOf(source.name));
  await cache.commit();
  await restore(made);
  return made;
}

it("finds what an earlier build has made", async () => {
  const made = await cacheWith([demo]);

  const found = await (await open(made, [demo])).find(demo);

  expect(basename(found?.path ?? "")).toBe("demo-1.0-py3-none-any.whl");
  expect(await readFile(found?.path ?? "", "utf8")).toBe("demodemode");
  expect(found?.apart).toBe(true);
});

it.each([
  ["another source", { ...demo, sha256: "cc" }, {}],
  ["another Python", demo, { minor: "3.14" }],
  ["other libraries to build against", demo, { builtAgainst: ["libpq-dev=17"] }],
])("does not take a wheel for %s", async (_, source, options) => {
  const made = await cacheWith([demo]);

  expect(await (await open(made, [source], options)).find(source)).toBeUndefined();
});

it("tells what has changed", async () => {
  const made = await cacheWith([demo]);

  await open(made, [demo], { minor: "3.14" });

  expect(made.output.join("")).toMatchInlineSnapshot(`
    "Discarding the cached wheels that were built from source since:
     - The Python version has changed from 3.13 to 3.14
    "
  `);
});

it("does not take half a wheel", async () => {
  const made = await cacheWith([demo]);
  const found = await (await open(made, [demo])).find(demo);
  await writeFile(found?.path ?? "", "demo");
  await restore(made);

  expect(await (await open(made, [demo])).find(demo)).toBeUndefined();
});

it("does not take what a killed build has left", async () => {
  const made = await machine();
  const killed = await open(made, [demo]);
  await killed.add(demo, await wheelOf("demo"));

  expect(await (await open(made, [demo])).find(demo)).toBeUndefined();
});

it("drops what the lock no longer has, and keeps what it has though nobody asked", async () => {
  const made = await cacheWith([demo, other]);

  const cache = await open(made, [demo]);
  await cache.commit();
  await restore(made);

  expect(await readdir(join(made.layers, "wheels"))).toHaveLength(1);
  expect(await (await open(made, [demo])).find(demo)).toBeDefined();
});

it("leaves a heavy wheel where it is: it has a launch layer of its own", async () => {
  const made = await machine();
  const cache = await open(made, [demo]);
  const wheel = await wheelOf("demo", 10_000_001);

  expect(await cache.add(demo, wheel)).toBe(wheel);
  await cache.commit();
  expect(await readdir(join(made.layers, "wheels"))).toEqual([]);
});

it.each<[string, Lock, number]>([
  ["stays while something is built from source", [demo], 1],
  ["goes when nothing is", [{ ...demo, from: "wheel" }], 0],
])("%s, in a build that installs nothing", async (_, lock, expected) => {
  const made = await cacheWith([demo]);
  const kept: string[] = [];

  await keepBuiltWheels(
    { keepLayer: async ({ name }) => void kept.push(name) },
    await findLayers(made.layers),
    lock,
  );

  expect(kept).toHaveLength(expected);
});
