import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Registry } from "../scripts/lib/registry.ts";

/** What one build cost. */
export interface Cost {
  /** Wall time of the whole command, or commands, in seconds. */
  readonly seconds: number;
  /** Compressed bytes that the registry did not have before. */
  readonly bytesPushed: number;
  /** Blobs that it did not have before: layers and the image's configuration. */
  readonly blobsPushed: number;
}

/** Runs something that pushes to the registry, and weighs what it did. */
export async function measure(registry: Registry, action: () => Promise<unknown>): Promise<Cost> {
  const before = await blobs(registry);
  const start = process.hrtime.bigint();
  await action();
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const added = [...(await blobs(registry))].filter(([digest]) => !before.has(digest));
  const bytesPushed = added.reduce((sum, [, size]) => sum + size, 0);
  return { seconds, bytesPushed, blobsPushed: added.length };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Every blob in the registry's storage, with its size in bytes. */
async function blobs(registry: Registry): Promise<ReadonlyMap<string, number>> {
  const root = join(registry.storage, "docker", "registry", "v2", "blobs", "sha256");
  const found = new Map<string, number>();
  for (const prefix of await readdir(root).catch(() => [])) {
    for (const digest of await readdir(join(root, prefix))) {
      const data = await stat(join(root, prefix, digest, "data")).catch(() => undefined);
      if (data !== undefined) found.set(digest, data.size);
    }
  }
  return found;
}
