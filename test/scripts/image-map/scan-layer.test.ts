import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { scanLayer } from "../../../scripts/image-map/scan-layer.ts";
import { tar } from "../../../scripts/lib/conda/tar.ts";

const RECORD = "lib/site-packages/six-1.17.0.dist-info/RECORD";
const LAYER = tar([
  { path: "lib", directory: true },
  { path: "lib/six.py", content: Buffer.alloc(300), mode: 0o644 },
  { path: "lib/.wh.gone", content: Buffer.alloc(0), mode: 0o644 },
  { path: RECORD, content: Buffer.from("six.py,,300\n"), mode: 0o644 },
  { path: "lib/near", linkTo: "../six" },
  { path: "lib/far", linkTo: "/opt/six" },
]);

it.each([
  ["a tar", LAYER, false],
  ["a compressed tar", gzipSync(LAYER), true],
])("finds files, links and packages' records in %s", async (_, bytes, compressed) => {
  expect(await scanLayer(stream(bytes))).toEqual({
    compressed,
    files: [
      { path: "lib/six.py", size: 300, target: undefined },
      { path: RECORD, size: 12, target: undefined },
      { path: "lib/near", size: 0, target: "six" },
      { path: "lib/far", size: 0, target: "opt/six" },
    ],
    records: new Map([[RECORD, "six.py,,300\n"]]),
  });
});

it("finds nothing in an empty layer", async () => {
  const layer = await scanLayer(stream(Buffer.alloc(1024)));
  expect(layer.files).toEqual([]);
});

it("says what it can't unpack", async () => {
  const layer = scanLayer(stream(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0])));
  await expect(layer).rejects.toMatchObject({
    body: expect.stringContaining("Zstandard") as string,
  });
});

async function* stream(bytes: Buffer) {
  yield bytes.subarray(0, 3);
  yield bytes.subarray(3);
}
