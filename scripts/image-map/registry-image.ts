import { reasonOf, ScriptFailure } from "../lib/failure.ts";
import { readBlob, readRemoteImage } from "../lib/registry-client.ts";
import { instructionsOf, type ReadImage, type StoredImage } from "./image.ts";
import { type LayerContents, scanLayer } from "./scan-layer.ts";

/** Whether the name has a registry's address before it, as Docker tells: https://pkg.go.dev/github.com/distribution/reference */
export function namesRegistry(name: string): boolean {
  return /^(?:localhost|[^/]*[.:][^/]*)\//.test(name);
}

/** What a registry that speaks plain HTTP says of an image, without its layers' contents. */
export async function findInRegistry(name: string): Promise<StoredImage> {
  return await telling(name, async () => (await find(name)).image);
}

/** The same with the contents, layer by layer; `onLayer` is told of each before it is read. */
export async function readFromRegistry(
  name: string,
  onLayer: (bytes: number) => void,
): Promise<ReadImage> {
  return await telling(name, async () => {
    const { image, blobs } = await find(name);
    const contents: LayerContents[] = [];
    for (const { digest, size } of blobs) {
      onLayer(size);
      contents.push(await scanLayer(await readBlob(name, digest)));
    }
    return { ...image, contents };
  });
}

async function find(name: string) {
  const { labels, layers: blobs, configuration } = await readRemoteImage(name);
  const instructions = instructionsOf(configuration, blobs.length);
  const layers = blobs.map(({ diffId, size }, index) => ({
    ...{ diffId, compressed: size },
    createdBy: instructions[index] ?? "",
  }));
  return { image: { name, labels, layers }, blobs };
}

/** Says which image it was where the registry does not answer, or stops. */
async function telling<T>(name: string, reading: () => Promise<T>): Promise<T> {
  try {
    return await reading();
  } catch (error) {
    if (error instanceof ScriptFailure) throw error;
    throw new ScriptFailure(
      `${name} can't be read`,
      `The reason: ${reasonOf(error)}.\nA name that begins with an address is asked of the registry there, over plain HTTP. An image of the container engine that is called so is reached by its id.`,
      error,
    );
  }
}
