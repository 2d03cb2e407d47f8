import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import * as z from "zod/mini";
import { askEngine, type Engine } from "../scripts/lib/engine.ts";
import { ScriptFailure } from "../scripts/lib/failure.ts";
import { readBlob, readRemoteImage } from "../scripts/lib/registry-client.ts";
import { makeTemporaryFolder } from "../scripts/lib/temporary-folder.ts";
import type { FrozenIndex } from "./frozen-index.ts";
import { measureGzip } from "./gzip-speed.ts";
import { median } from "./report/statistics.ts";
import type { Limits } from "./result.ts";

const TIMES = 5;

/** Measures what no builder on this machine can beat; `image` is in a registry. */
export async function measureLimits(
  engine: Engine,
  { index, image }: { readonly index: FrozenIndex; readonly image: string },
): Promise<Limits> {
  const middle = async (measure: () => Promise<number>) => {
    const figures: number[] = [];
    for (let time = 0; time < TIMES; time += 1) figures.push(await measure());
    return median(figures) ?? Number.NaN;
  };
  const wheel = await findWheel(index);
  // The first time it may come from the index' own upstream.
  await downloadSpeed(wheel);
  const sample = await writeSample(image);
  return {
    downloadBytesPerSecond: await middle(() => downloadSpeed(wheel)),
    gzipBytesPerSecond: await middle(() => measureGzip(sample)),
    containerSeconds: await middle(() => containerTime(engine, image)),
  };
}

/** A wheel of some weight: numpy's. */
async function findWheel({ simple }: FrozenIndex): Promise<string> {
  const page = `${simple}numpy/`;
  const response = await fetch(page, { headers: { accept: JSON_PAGE } });
  const { files } = Project.parse(await response.json());
  const wheel = files.findLast(({ filename }) => filename.includes("manylinux"));
  if (wheel === undefined) throw new ScriptFailure("The index has no wheel of numpy", page);
  return new URL(wheel.url, page).href;
}

/** https://packaging.python.org/en/latest/specifications/simple-repository-api/ */
const JSON_PAGE = "application/vnd.pypi.simple.v1+json";
const Project = z.object({ files: z.array(z.object({ filename: z.string(), url: z.string() })) });

async function downloadSpeed(url: string): Promise<number> {
  const start = performance.now();
  const { byteLength } = await (await fetch(url)).arrayBuffer();
  return byteLength / ((performance.now() - start) / 1000);
}

/** A file with the beginning of the heaviest layer, uncompressed. */
async function writeSample(image: string): Promise<string> {
  const { layers } = await readRemoteImage(image);
  const [heaviest] = layers.toSorted((a, b) => b.size - a.size);
  if (heaviest === undefined) throw new ScriptFailure("This image has no layers", image);
  const layer = (await readBlob(image, heaviest.digest)).pipe(createGunzip());
  const path = join(await makeTemporaryFolder(), "layer.tar");
  await writeFile(path, beginning(layer, SAMPLE_BYTES));
  return path;
}

const SAMPLE_BYTES = 100_000_000;

async function* beginning(stream: AsyncIterable<Buffer>, length: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of stream) {
    yield chunk;
    bytes += chunk.length;
    if (bytes >= length) return;
  }
}

async function containerTime(engine: Engine, image: string): Promise<number> {
  const start = performance.now();
  await askEngine(engine, ["run", "--rm", "--entrypoint=true", image]);
  return (performance.now() - start) / 1000;
}
