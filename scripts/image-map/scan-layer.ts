import { posix } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { ScriptFailure } from "../lib/failure.ts";
import { ByteReader } from "./byte-reader.ts";
import { isPackageRecord } from "./installed-packages.ts";
import { readTar } from "./tar-reader.ts";

export interface LayerFile {
  /** From the root, without "/" before it. */
  readonly path: string;
  /** In bytes; 0 for links. */
  readonly size: number;
  /** The path that a symbolic link leads to, from the root; undefined for files. */
  readonly target: string | undefined;
}

/** What is known of a layer once its archive has been read. */
export interface LayerContents {
  /** Files and links, without directories. */
  readonly files: readonly LayerFile[];
  /** What package managers wrote of the packages that they installed, by path. */
  readonly records: ReadonlyMap<string, string>;
  readonly compressed: boolean;
}

/** Reads a layer's archive, compressed or not, and holds nothing of its files' contents. */
export async function scanLayer(source: AsyncIterable<Uint8Array>): Promise<LayerContents> {
  const reader = new ByteReader(source);
  const start = await reader.peek(4);
  const whole = () => reader.stream(Number.POSITIVE_INFINITY);
  if (start.equals(ZSTANDARD)) throw zstandard();
  if (!start.subarray(0, 2).equals(GZIP)) return { ...(await scanTar(whole())), compressed: false };
  const found = await pipeline(
    whole,
    createGunzip({ chunkSize: UNPACKED_AT_ONCE }),
    async (unpacked: AsyncIterable<Buffer>) => await scanTar(unpacked),
  );
  return { ...found, compressed: true };
}

/** Each chunk is a job for another thread, which costs more than unpacking a small one. */
const UNPACKED_AT_ONCE = 512 * 1024;
// https://www.rfc-editor.org/rfc/rfc1952#page-6, https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1
const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTANDARD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

async function scanTar(source: AsyncIterable<Uint8Array>) {
  const files: LayerFile[] = [];
  const records = new Map<string, string>();
  for await (const { path, kind, size, target, contents } of readTar(source)) {
    if (kind === "other" || isWhiteout(path)) continue;
    const link = kind === "symbolic-link";
    files.push({ path, size, target: link ? resolveLink(path, target) : undefined });
    if (kind === "file" && isPackageRecord(path)) records.set(path, await textOf(contents()));
  }
  return { files, records };
}

/** What a layer takes away: https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts */
function isWhiteout(path: string): boolean {
  return posix.basename(path).startsWith(".wh.");
}

function resolveLink(path: string, target: string): string {
  return posix.resolve("/", posix.dirname(path), target).slice(1);
}

async function textOf(contents: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of contents) parts.push(part);
  return Buffer.concat(parts).toString();
}

function zstandard(): ScriptFailure {
  return new ScriptFailure(
    "A layer of the image can't be read",
    "It is compressed with Zstandard, which is not read here.\nPull the image into the container engine, and name it by its id.",
  );
}
