import { expect, it } from "vitest";
import { readTar } from "../../../scripts/image-map/tar-reader.ts";
import { tar } from "../../../scripts/lib/conda/tar.ts";

const ARCHIVE = tar([
  { path: "./usr", directory: true },
  { path: "./usr/hello", content: Buffer.from("hello"), mode: 0o644 },
  { path: `/${"a".repeat(60)}/${"b".repeat(60)}`, content: Buffer.alloc(1000), mode: 0o644 },
  { path: "usr/link", linkTo: "hello" },
]);

it.each([1, 7, 512, 100_000])("reads what comes in pieces of %i bytes", async (length) => {
  expect(await read(pieces(ARCHIVE, length))).toEqual([
    { path: "usr", kind: "other", size: 0, target: "" },
    { path: "usr/hello", kind: "file", size: 5, target: "", text: "hello" },
    { path: `${"a".repeat(60)}/${"b".repeat(60)}`, kind: "file", size: 1000, target: "" },
    { path: "usr/link", kind: "symbolic-link", size: 0, target: "hello" },
  ]);
});

it("takes names, targets and sizes from a pax header, for the next entry only", async () => {
  const long = `${"ü/".repeat(100)}file`;
  const archive = Buffer.concat([
    extension("x", Buffer.from(`${pax("path", long)}${pax("size", "5")}${pax("mtime", "1.5")}`)),
    withoutEnd(tar([{ path: "short", content: Buffer.from("hello"), mode: 0o644 }])),
    extension("x", Buffer.from(pax("linkpath", "/far/away"))),
    tar([
      { path: "link", linkTo: "near" },
      { path: "usr/hello", linkTo: "plain" },
    ]),
  ]);
  expect(await read([archive])).toEqual([
    { path: long, kind: "file", size: 5, target: "" },
    { path: "link", kind: "symbolic-link", size: 0, target: "/far/away" },
    { path: "usr/hello", kind: "symbolic-link", size: 0, target: "plain" },
  ]);
});

it("takes long names and targets from GNU's headers", async () => {
  const archive = Buffer.concat([
    extension("L", Buffer.from(`${"n".repeat(300)}\0`)),
    extension("K", Buffer.from(`${"t".repeat(300)}\0`)),
    tar([{ path: "short", linkTo: "near" }]),
  ]);
  const [entry] = await read([archive]);
  expect(entry).toMatchObject({ path: "n".repeat(300), target: "t".repeat(300) });
});

it("reads sizes of more than 8 GB", async () => {
  const archive = tar([{ path: "large", content: Buffer.alloc(0), mode: 0o644 }]);
  archive.fill(0, 124, 136);
  archive[124] = 0x80;
  archive.writeUInt32BE(3, 128);
  archive.writeUInt32BE(7, 132);
  const entries = readTar(pieces(withChecksum(archive), 512));
  expect((await entries.next()).value).toMatchObject({ size: 3 * 2 ** 32 + 7 });
});

it("has no contents for hard links, whatever their header says", async () => {
  const archive = tar([{ path: "file", content: Buffer.from("hello"), mode: 0o644 }]);
  archive.write("1", 156);
  const linked = Buffer.concat([withChecksum(archive).subarray(0, 512), ARCHIVE]);
  expect((await read([linked])).slice(0, 3)).toMatchObject([
    { path: "file", kind: "hard-link", size: 0 },
    { path: "usr" },
    { path: "usr/hello", text: "hello" },
  ]);
});

it("refuses what is no tar, and what ends early", async () => {
  await expect(read([Buffer.alloc(1024, "x")])).rejects.toMatchObject({
    body: expect.stringContaining("not a tar archive") as string,
  });
  await expect(read([ARCHIVE.subarray(0, 1026)])).rejects.toMatchObject({
    body: expect.stringContaining("ends in the middle") as string,
  });
});

async function read(source: Iterable<Buffer> | AsyncIterable<Buffer>) {
  const entries = [];
  for await (const { contents, ...entry } of readTar(stream(source))) {
    const parts: Buffer[] = [];
    // The others' are left for the reader to pass over.
    if (entry.path === "usr/hello") for await (const part of contents()) parts.push(part);
    entries.push(parts.length === 0 ? entry : { ...entry, text: Buffer.concat(parts).toString() });
  }
  return entries;
}

async function* stream(source: Iterable<Buffer> | AsyncIterable<Buffer>) {
  yield* source;
}

async function* pieces(bytes: Buffer, length: number) {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

function pax(key: string, value: string): string {
  const record = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(record) + 1;
  while (Buffer.byteLength(`${length}${record}`) !== length) length += 1;
  return `${length}${record}`;
}

function extension(type: string, content: Buffer): Buffer {
  const archive = tar([{ path: "extension", content, mode: 0o644 }]);
  archive.write(type, 156);
  return withoutEnd(withChecksum(archive));
}

function withoutEnd(archive: Buffer): Buffer {
  return archive.subarray(0, archive.length - 1024);
}

function withChecksum(archive: Buffer): Buffer {
  archive.fill(" ", 148, 156);
  const sum = archive.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  archive.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return archive;
}
