import { ScriptFailure } from "../lib/failure.ts";
import { ByteReader } from "./byte-reader.ts";

export interface TarEntry {
  /** Without "/" or "./" before it and "/" behind it. */
  readonly path: string;
  readonly kind: "file" | "hard-link" | "symbolic-link" | "other";
  /** Of the contents, in bytes; 0 for links. */
  readonly size: number;
  /** Where a link leads, as it is written. */
  readonly target: string;
  /** The contents: once, and before the next entry is taken. */
  readonly contents: () => AsyncIterable<Buffer>;
}

/**
 * The entries of a tar, read as they come: ustar with pax's and GNU's extensions, which are all
 * that engines and builders write. Throws where the stream is no tar or ends within it.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
 */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const reader = new ByteReader(source);
  let extended: Extended = {};
  for (;;) {
    const block = await reader.read(BLOCK);
    if (block.length === 0 || isZero(block)) break;
    checkHeader(block);
    const type = String.fromCharCode(block[156] ?? 0);
    const size = extended.size ?? numberAt(block, 124, 12);
    if (EXTENSIONS.has(type)) {
      const text = await readWhole(reader, size);
      if (type === "x") Object.assign(extended, parsePax(text));
      if (type === "L") extended.path = upToZero(text);
      if (type === "K") extended.target = upToZero(text);
      continue;
    }
    const kind = KINDS[type] ?? "other";
    // A link's header may bear the size of the file that it leads to, without contents:
    // https://www.gnu.org/software/tar/manual/html_node/Standard.html
    const stored = kind === "hard-link" || kind === "symbolic-link" ? 0 : size;
    let taken = 0;
    yield {
      path: plainPath(extended.path ?? headerPath(block)),
      target: extended.target ?? textAt(block, 157, 100),
      kind,
      size: stored,
      contents: async function* () {
        for await (const part of reader.stream(stored)) {
          taken += part.length;
          yield part;
        }
      },
    };
    taken += await reader.skip(stored - taken);
    if (taken < stored) throw endsEarly();
    await reader.skip(-stored & (BLOCK - 1));
    extended = {};
  }
  // What unpacks the stream takes it amiss when its end is not asked for.
  await reader.skip(Number.POSITIVE_INFINITY);
}

interface Extended {
  path?: string;
  target?: string;
  size?: number;
}

const BLOCK = 512;
/** Headers that say something of the next entry ("g": of all entries; nothing that is read here). */
const EXTENSIONS: ReadonlySet<string> = new Set(["x", "g", "L", "K"]);
const KINDS: Readonly<Record<string, TarEntry["kind"]>> = {
  "0": "file",
  "\0": "file",
  "7": "file",
  "1": "hard-link",
  "2": "symbolic-link",
};

async function readWhole(reader: ByteReader, size: number): Promise<Buffer> {
  const contents = await reader.read(size);
  if (contents.length < size) throw endsEarly();
  await reader.skip(-size & (BLOCK - 1));
  return contents;
}

/** "30 path=…\n27 size=…\n": each with its own length in bytes. */
function parsePax(records: Buffer): Extended {
  const values: Record<string, string> = {};
  for (let at = 0; at < records.length;) {
    const blank = records.indexOf(" ", at);
    const length = Number(records.toString("latin1", at, blank));
    if (blank === -1 || !(length > 0)) break;
    const record = records.toString("utf8", blank + 1, at + length - 1);
    const equals = record.indexOf("=");
    values[record.slice(0, equals)] = record.slice(equals + 1);
    at += length;
  }
  const { path, linkpath, size } = values;
  return {
    ...(path === undefined ? {} : { path }),
    ...(linkpath === undefined ? {} : { target: linkpath }),
    ...(size === undefined ? {} : { size: Number(size) }),
  };
}

function headerPath(block: Buffer): string {
  const name = textAt(block, 0, 100);
  // GNU's own format has other things in the place of the prefix.
  const prefix = textAt(block, 257, 8) === "ustar" ? textAt(block, 345, 155) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Octal digits; GNU writes what they can't hold in base 256, with the first bit set. */
function numberAt(block: Buffer, at: number, length: number): number {
  if (((block[at] ?? 0) & 0x80) === 0) {
    return Number.parseInt(block.toString("latin1", at, at + length).trim(), 8) || 0;
  }
  return block.subarray(at + 1, at + length).reduce((total, byte) => total * 256 + byte, 0);
}

/** The sum of all bytes of the header, taken with spaces in its own place. */
function checkHeader(block: Buffer): void {
  if (block.length < BLOCK) throw endsEarly();
  const sum = block.reduce(
    (total, byte, index) => total + (index >= 148 && index < 156 ? 0x20 : byte),
    0,
  );
  if (sum === numberAt(block, 148, 8)) return;
  throw new ScriptFailure(
    "A layer of the image can't be read",
    "What was found is not a tar archive, as layers are: the checksum of a header is wrong.\nBuild the image again, or name another one.",
  );
}

function endsEarly(): ScriptFailure {
  return new ScriptFailure(
    "A layer of the image can't be read",
    "Its archive ends in the middle of a file.\nTry again; where that does not help, build the image again.",
  );
}

function textAt(block: Buffer, at: number, length: number): string {
  return upToZero(block.subarray(at, at + length));
}

function upToZero(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end === -1 ? bytes.length : end);
}

function isZero(block: Buffer): boolean {
  return block.every((byte) => byte === 0);
}

function plainPath(path: string): string {
  return path.replace(/^(?:\.?\/+)+/, "").replace(/\/+$/, "");
}
