import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Registry } from "../scripts/lib/registry.ts";
import { readRemoteImage } from "../scripts/lib/registry-client.ts";

/** What a build added to a registry. */
export interface Growth {
  /** Compressed layers, configurations and manifests that it did not have before. */
  readonly bytes: number;
  /** Layers of the image that it did not have before. */
  readonly layers: number;
}

/** Runs something that pushes an image; gives what the registry had to store for it. */
export async function measureGrowth<T>(
  registry: Pick<Registry, "storage">,
  image: string,
  action: () => Promise<T>,
): Promise<{ readonly result: T; readonly growth: Growth }> {
  const before = await storedBlobs(registry);
  const result = await action();
  const added = [...(await storedBlobs(registry))].filter(([digest]) => !before.has(digest));
  const { layers } = await readRemoteImage(image);
  return {
    result,
    growth: {
      bytes: added.reduce((sum, [, size]) => sum + size, 0),
      layers: layers.filter(({ digest }) => !before.has(digest)).length,
    },
  };
}

/** Every blob in the registry's storage by its digest, with its size in bytes. */
async function storedBlobs({
  storage,
}: Pick<Registry, "storage">): Promise<ReadonlyMap<string, number>> {
  const root = join(storage, "docker", "registry", "v2", "blobs", "sha256");
  const found = new Map<string, number>();
  for (const prefix of await readdir(root).catch(() => [])) {
    for (const digest of await readdir(join(root, prefix))) {
      const data = await stat(join(root, prefix, digest, "data")).catch(() => undefined);
      if (data !== undefined) found.set(`sha256:${digest}`, data.size);
    }
  }
  return found;
}
