import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { readBlob, readRemoteImage } from "../scripts/lib/registry-client.ts";
import type { ImageSize } from "./result.ts";

/** Sizes an image of the registry. Layers that were seen before are not unpacked again. */
export async function measureImageSize(
  reference: string,
  seen: Map<string, number>,
): Promise<Pick<ImageSize, "layers" | "compressedBytes" | "unpackedBytes">> {
  const { layers } = await readRemoteImage(reference);
  let unpackedBytes = 0;
  for (const { digest } of layers) {
    const bytes = seen.get(digest) ?? (await unpackedSize(reference, digest));
    seen.set(digest, bytes);
    unpackedBytes += bytes;
  }
  const compressedBytes = layers.reduce((sum, { size }) => sum + size, 0);
  return { layers: layers.length, compressedBytes, unpackedBytes };
}

async function unpackedSize(reference: string, digest: string): Promise<number> {
  let bytes = 0;
  const count = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  await pipeline(await readBlob(reference, digest), createGunzip(), count);
  return bytes;
}
