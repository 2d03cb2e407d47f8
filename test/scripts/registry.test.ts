import { readdir } from "node:fs/promises";
import { dirname } from "node:path";
import { afterAll, expect, it } from "vitest";
import { cleanUp } from "../../scripts/lib/cleanup.ts";
import type { Engine } from "../../scripts/lib/engine.ts";
import { type Registry, startRegistry } from "../../scripts/lib/registry.ts";
import { readBlob, readRemoteImage } from "../../scripts/lib/registry-client.ts";
import { sha256 } from "../../src/kit/hash.ts";

afterAll(cleanUp);

// It is only asked for images that are to be removed.
const ENGINE: Engine = { kind: "docker", cli: "true", env: process.env, arch: "amd64" };

const LAYER_TYPE = "application/vnd.docker.image.rootfs.diff.tar.gzip";
const MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json";
const CONFIG_TYPE = "application/vnd.docker.container.image.v1+json";

/** Pushes an image with these layers under a name; gives how many of its blobs were new. */
async function push(registry: Registry, name: string, layers: readonly string[]): Promise<number> {
  const url = `http://${registry.address}/v2/${name}`;
  const configuration = JSON.stringify({
    config: {},
    rootfs: { type: "layers", diff_ids: layers },
  });
  const blobs = [configuration, ...layers].map((text) => ({
    ...{ text, size: text.length, digest: `sha256:${sha256(text)}` },
  }));
  let sent = 0;
  for (const { text, digest } of blobs) {
    const found = await fetch(`${url}/blobs/${digest}`, { method: "HEAD" });
    if (found.ok) continue;
    const begun = await fetch(`${url}/blobs/uploads/`, { method: "POST" });
    const place = new URL(begun.headers.get("location") ?? "");
    place.searchParams.set("digest", digest);
    const type = { "content-type": "application/octet-stream" };
    const put = await fetch(place, { method: "PUT", body: text, headers: type });
    expect(put.status).toBe(201);
    sent += 1;
  }
  const [config, ...rest] = blobs.map(({ digest, size }, index) => ({
    ...{ digest, size, mediaType: index === 0 ? CONFIG_TYPE : LAYER_TYPE },
  }));
  const put = await fetch(`${url}/manifests/latest`, {
    ...{ method: "PUT", headers: { "content-type": MANIFEST_TYPE } },
    body: JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST_TYPE, config, layers: rest }),
  });
  expect(put.status).toBe(201);
  return sent;
}

async function layersOf({ address }: Registry, name: string): Promise<readonly string[]> {
  const reference = `${address}/${name}`;
  const { layers } = await readRemoteImage(reference);
  return await Promise.all(
    layers.map(async ({ digest }) => {
      const pieces: Buffer[] = await (await readBlob(reference, digest)).toArray();
      return Buffer.concat(pieces).toString();
    }),
  );
}

it("goes back to what it held, as often as it is told to, and goes on from there", async () => {
  const registry = await startRegistry(ENGINE);
  await push(registry, "bench/app", ["base", "app"]);
  for (const _ of ["once", "twice"]) {
    const restore = await registry.remember();
    // The tag leads to another image meanwhile.
    expect(await push(registry, "bench/app", ["base", "app", "more"])).toBe(2);
    expect(await push(registry, "bench/second", ["base", "second"])).toBe(3);
    await restore();
    expect(await layersOf(registry, "bench/app")).toEqual(["base", "app"]);
    await expect(readRemoteImage(`${registry.address}/bench/second`)).rejects.toThrow(
      "can't be read",
    );
  }
  // What came later is there as ever.
  expect(await push(registry, "bench/second", ["base", "second"])).toBe(3);
  expect(await layersOf(registry, "bench/second")).toEqual(["base", "second"]);
  await registry.stop();
  await expect(readdir(dirname(registry.storage))).rejects.toThrow("ENOENT");
}, 60_000);

it("may be empty when it is to remember", async () => {
  const registry = await startRegistry(ENGINE);
  const restore = await registry.remember();
  await push(registry, "bench/app", ["base"]);
  await restore();
  await expect(readRemoteImage(`${registry.address}/bench/app`)).rejects.toThrow("can't be read");
  await registry.stop();
}, 60_000);

it("begins with all that another one has, and leaves that as it is", async () => {
  const first = await startRegistry(ENGINE);
  await push(first, "bench/app", ["base"]);
  const second = await startRegistry(ENGINE, { copyOf: first });
  expect(await layersOf(second, "bench/app")).toEqual(["base"]);
  await push(second, "bench/app", ["base", "app"]);
  expect(await layersOf(first, "bench/app")).toEqual(["base"]);
  await Promise.all([first.stop(), second.stop()]);
}, 60_000);
