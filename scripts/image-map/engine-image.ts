import { spawn } from "node:child_process";
import { posix } from "node:path";
import * as z from "zod/mini";
import { cleanUpLater } from "../lib/cleanup.ts";
import { askEngineIfPossible, type Engine } from "../lib/engine.ts";
import { ScriptFailure } from "../lib/failure.ts";
import { ByteReader } from "./byte-reader.ts";
import { instructionsOf, type ReadImage, type StoredImage } from "./image.ts";
import { type LayerContents, scanLayer } from "./scan-layer.ts";
import { readTar } from "./tar-reader.ts";

/** What the engine says of an image, without its layers' contents. */
export async function findInEngine(engine: Engine, name: string): Promise<StoredImage> {
  const said = await askEngineIfPossible(engine, ["image", "inspect", name]);
  const [found] = Inspected.parse(JSON.parse(said ?? "[]"));
  if (found === undefined) {
    throw new ScriptFailure(
      `The container engine has no image '${name}'`,
      `'${engine.cli} images' lists those that it has. One of a registry is named with the address: 127.0.0.1:5000/app:tag.`,
    );
  }
  const layers = found.RootFS.Layers.map((diffId) => ({
    ...{ diffId, createdBy: "" },
    compressed: undefined,
  }));
  return { name, labels: found.Config?.Labels ?? {}, layers };
}

/** The same with the contents, as the engine writes them out; `onLayer` is told of each. */
export async function readFromEngine(
  engine: Engine,
  name: string,
  onLayer: (bytes: number) => void,
): Promise<ReadImage> {
  const image = await findInEngine(engine, name);
  return { name, ...(await readSaved(saved(engine, name), image, onLayer)) };
}

/**
 * Reads what `docker save` and `podman save` write: a tar of the layers' tars, in any order, and
 * files of JSON that say which is which.
 * https://github.com/moby/docker-image-spec/blob/main/v1.2.md#combined-image-json--filesystem-changeset-format
 */
export async function readSaved(
  archive: AsyncIterable<Uint8Array>,
  { labels, layers }: Pick<StoredImage, "labels" | "layers">,
  onLayer: (bytes: number) => void,
): Promise<Omit<ReadImage, "name">> {
  const found = new Map<string, LayerContents & { readonly stored: number }>();
  const texts = new Map<string, string>();
  const links = new Map<string, string>();
  for await (const entry of readTar(archive)) {
    const { path, kind, size } = entry;
    // A layer that occurs twice is written once.
    if (kind === "symbolic-link") links.set(path, posix.join(posix.dirname(path), entry.target));
    if (kind !== "file") continue;
    const reader = new ByteReader(entry.contents());
    if (await isJson(reader)) {
      if (size <= LARGEST_JSON) texts.set(path, (await reader.read(size)).toString());
    } else if (/(?:\.tar|^blobs\/[^/]+\/[0-9a-f]+)$/.test(path)) {
      onLayer(size);
      found.set(path, { ...(await scanLayer(reader.stream(size))), stored: size });
    }
  }
  const { Config: config, Layers: order } = Manifest.parse(
    JSON.parse(texts.get("manifest.json") ?? ""),
  )[0] ?? { Config: "", Layers: [] };
  const instructions = instructionsOf(JSON.parse(texts.get(config) ?? "{}"), layers.length);
  const contents = order.map((path) => found.get(links.get(path) ?? path) ?? NOTHING);
  return {
    labels,
    contents,
    layers: layers.map((layer, index) => {
      const { compressed = false, stored = 0 } = contents[index] ?? {};
      return {
        ...{ ...layer, createdBy: instructions[index] ?? "" },
        compressed: compressed ? stored : undefined,
      };
    }),
  };
}

/** Ends where the engine does; throws what it says where it does not succeed. */
async function* saved(engine: Engine, name: string): AsyncGenerator<Buffer> {
  const child = spawn(engine.cli, ["save", name], {
    ...{ env: engine.env, stdio: ["ignore", "pipe", "pipe"] as const },
  });
  const stop = cleanUpLater(`'${engine.cli} save'`, async () => {
    child.kill();
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  yield* child.stdout as AsyncIterable<Buffer>;
  if ((await ended) !== 0) {
    throw new ScriptFailure(`The container engine can't write out ${name}`, said.trim());
  }
  await stop();
}

async function isJson(reader: ByteReader): Promise<boolean> {
  return /^\s*[[{]/.test((await reader.peek(16)).toString("latin1"));
}

const NOTHING = { files: [], records: new Map<string, string>(), compressed: false, stored: 0 };
const LARGEST_JSON = 16_000_000;

const Inspected = z.array(
  z.object({
    Config: z.nullish(z.object({ Labels: z.nullish(z.record(z.string(), z.string())) })),
    RootFS: z.object({ Layers: z.array(z.string()) }),
  }),
);

const Manifest = z.array(z.object({ Config: z.string(), Layers: z.array(z.string()) }));
