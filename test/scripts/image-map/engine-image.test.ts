import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { readSaved } from "../../../scripts/image-map/engine-image.ts";
import { namesRegistry } from "../../../scripts/image-map/registry-image.ts";
import { type TarEntry, tar } from "../../../scripts/lib/conda/tar.ts";

const [FIRST, SECOND] = ["first", "second"].map((path) =>
  tar([{ path, content: Buffer.alloc(10), mode: 0o644 }]),
) as [Buffer, Buffer];
const HISTORY = [
  { created_by: "ADD base" },
  { created_by: "ENV A=b", empty_layer: true },
  { created_by: "RUN make" },
  { created_by: "RUN make" },
];

it("reads what Docker and Podman save, a layer that occurs twice included", async () => {
  const image = await readSaved(
    archive([
      file("0c.json", json({ history: HISTORY })),
      file("1a/layer.tar", FIRST),
      file("1a/VERSION", Buffer.from("1.0")),
      { path: "2b/layer.tar", linkTo: "../1a/layer.tar" },
      file("3c.tar", SECOND),
      file(
        "manifest.json",
        json([{ Config: "0c.json", Layers: ["1a/layer.tar", "3c.tar", "2b/layer.tar"] }]),
      ),
    ]),
    stored("sha256:1", "sha256:2", "sha256:1"),
    () => undefined,
  );
  expect(image.contents.map(({ files }) => files.map(({ path }) => path))).toEqual([
    ["first"],
    ["second"],
    ["first"],
  ]);
  expect(image.layers).toEqual([
    { diffId: "sha256:1", createdBy: "ADD base", compressed: undefined },
    { diffId: "sha256:2", createdBy: "RUN make", compressed: undefined },
    { diffId: "sha256:1", createdBy: "RUN make", compressed: undefined },
  ]);
});

it("reads newer engines' blobs, and their compressed sizes where they keep these", async () => {
  const packed = gzipSync(FIRST);
  const sizes: number[] = [];
  const image = await readSaved(
    archive([
      file("blobs/sha256/0a", packed),
      file("blobs/sha256/0b", SECOND),
      file("blobs/sha256/0c", json({})),
      file(
        "manifest.json",
        json([{ Config: "blobs/sha256/0c", Layers: ["blobs/sha256/0a", "blobs/sha256/0b"] }]),
      ),
    ]),
    stored("sha256:1", "sha256:2"),
    (bytes) => sizes.push(bytes),
  );
  expect(image.layers.map(({ compressed }) => compressed)).toEqual([packed.length, undefined]);
  expect(image.contents.map(({ files }) => files[0]?.path)).toEqual(["first", "second"]);
  expect(sizes).toEqual([packed.length, SECOND.length]);
});

it.each([
  ["127.0.0.1:5000/app", true],
  ["localhost/app", true],
  ["registry.example.com/team/app:1", true],
  ["ml-buildpacks/run:cpu", false],
  ["app:1.0", false],
])("takes %s for an image of a registry: %s", (name, expected) => {
  expect(namesRegistry(name)).toBe(expected);
});

function file(path: string, content: Buffer): TarEntry {
  return { path, content, mode: 0o644 };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

async function* archive(entries: readonly TarEntry[]) {
  yield tar(entries);
}

function stored(...diffIds: readonly string[]) {
  const layers = diffIds.map((diffId) => ({ diffId, createdBy: "", compressed: undefined }));
  return { labels: {}, layers };
}
