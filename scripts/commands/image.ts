import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { formatBytes } from "../../src/kit/text.ts";
import { findInEngine, readFromEngine } from "../image-map/engine-image.ts";
import type { ReadImage, StoredImage } from "../image-map/image.ts";
import { mapImage } from "../image-map/map-image.ts";
import { findInRegistry, namesRegistry, readFromRegistry } from "../image-map/registry-image.ts";
import { summarize } from "../image-map/summary.ts";
import { drawTreemap } from "../image-map/svg.ts";
import { formatTable } from "../image-map/table.ts";
import { findEngine } from "../lib/engine.ts";
import { reasonOf, ScriptFailure } from "../lib/failure.ts";
import { log } from "../lib/log.ts";
import { defineCommand } from "../lib/main.ts";

/**
 * Shows a built image by layer and package: `npm run image -- 127.0.0.1:5000/app --compare
 * 127.0.0.1:5000/other --svg app.svg`. docs/image-map.md explains what is shown.
 */
export const main = defineCommand(async (args) => {
  const { name, compare, svg, top } = parse(args);
  const others: StoredImage[] = [];
  for (const other of compare) others.push(await find(other));
  log.step(`Reading ${name}`);
  const map = mapImage(await read(name), others);

  log.section(`${name} by layer, the highest first`);
  for (const line of formatTable(map, top)) log.step(line);
  log.section("Summary");
  for (const line of summarize(map, compare)) log.step(line);
  if (svg === undefined) return;
  await write(svg, drawTreemap(map));
  log.step(`The treemap is in ${svg}`);
});

function parse(args: readonly string[]) {
  const { compare = [], svg, top = "8", name, more } = parseOptions(args);
  if (name === undefined || more.length > 0) throw unclear("It names one image.");
  if (!/^\d+$/.test(top)) throw unclear("--top is a number of packages for each layer.");
  return { name, compare, svg, top: Number(top) };
}

function parseOptions(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        compare: { type: "string", multiple: true },
        svg: { type: "string" },
        top: { type: "string" },
      },
    });
    const [name, ...more] = positionals;
    return { ...values, name, more };
  } catch (error) {
    throw unclear(reasonOf(error));
  }
}

function unclear(what: string): ScriptFailure {
  return new ScriptFailure(
    "It is not clear what to show",
    `${what}\nIt is called so: npm run image -- 127.0.0.1:5000/app [--compare OTHER]… [--svg FILE] [--top 8]`,
  );
}

async function find(name: string): Promise<StoredImage> {
  if (namesRegistry(name)) return await findInRegistry(name);
  return await findInEngine(await findEngine(), name);
}

async function read(name: string): Promise<ReadImage> {
  const onLayer = (bytes: number) => log.debug(`Reading a layer of ${formatBytes(bytes)}`);
  if (namesRegistry(name)) return await readFromRegistry(name, onLayer);
  return await readFromEngine(await findEngine(), name, onLayer);
}

async function write(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: unknown) => {
    throw new ScriptFailure(
      "The treemap can't be written",
      `${reasonOf(error)}\nName another file with --svg.`,
      error,
    );
  });
}
