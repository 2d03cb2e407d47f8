import { type FileHandle, open } from "node:fs/promises";
import { DT_NEEDED, DT_RPATH, DT_RUNPATH, DT_SONAME } from "./elf-stub.ts";

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT_NULL = 0;
const DT_STRTAB = 5;

/** What the dynamic linker reads of a program or a shared library. */
export interface ElfObject {
  readonly soname: string | undefined;
  /** Sonames of the libraries that it is linked with (DT_NEEDED). */
  readonly needed: readonly string[];
  /** Where it looks for them (DT_RPATH, DT_RUNPATH), as written: `$ORIGIN` is not resolved. */
  readonly runPaths: readonly string[];
}

/**
 * Undefined where the file is not 64-bit little-endian ELF, is linked statically, or is cut short:
 * the loader will not read it either. https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.dynamic.html
 */
export async function readElf(path: string): Promise<ElfObject | undefined> {
  const file = await open(path, "r");
  try {
    return await readDynamic(file);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  } finally {
    await file.close();
  }
}

async function readDynamic(file: FileHandle): Promise<ElfObject | undefined> {
  const header = await readAt(file, 0, 64);
  const isElf64 = header.length === 64 && header.readUInt32BE(0) === 0x7f_45_4c_46;
  if (!isElf64 || header[4] !== 2 || header[5] !== 1) return undefined;

  const segments = await readSegments(file, header);
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  if (dynamic === undefined) return undefined;

  const tags = tagsOf(await readAt(file, dynamic.offset, dynamic.fileSize));
  const table = tags.find(({ tag }) => tag === DT_STRTAB)?.value;
  const load = segments.find(
    ({ type, address, fileSize }) =>
      type === PT_LOAD && table !== undefined && table >= address && table < address + fileSize,
  );
  if (table === undefined || load === undefined) return undefined;

  const strings = table - load.address + load.offset;
  const texts = (...wanted: readonly number[]) =>
    Promise.all(
      tags
        .filter(({ tag }) => wanted.includes(tag))
        .map(({ value }) => readText(file, strings + value)),
    );
  const [soname] = await texts(DT_SONAME);
  const runPaths = (await texts(DT_RPATH, DT_RUNPATH)).flatMap((text) => text.split(":"));
  return {
    soname,
    needed: await texts(DT_NEEDED),
    runPaths: runPaths.filter((one) => one !== ""),
  };
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
}

async function readSegments(file: FileHandle, header: Buffer): Promise<readonly Segment[]> {
  const size = header.readUInt16LE(54);
  const count = header.readUInt16LE(56);
  const table = await readAt(file, Number(header.readBigUInt64LE(32)), size * count);
  return Array.from({ length: count }, (_, index) => {
    const start = index * size;
    return {
      type: table.readUInt32LE(start),
      offset: Number(table.readBigUInt64LE(start + 8)),
      address: Number(table.readBigUInt64LE(start + 16)),
      fileSize: Number(table.readBigUInt64LE(start + 32)),
    };
  });
}

function tagsOf(dynamic: Buffer): readonly { readonly tag: number; readonly value: number }[] {
  const tags = Array.from({ length: Math.floor(dynamic.length / 16) }, (_, index) => ({
    tag: Number(dynamic.readBigInt64LE(index * 16)),
    value: Number(dynamic.readBigUInt64LE(index * 16 + 8)),
  }));
  const end = tags.findIndex(({ tag }) => tag === DT_NULL);
  return end === -1 ? tags : tags.slice(0, end);
}

const LONGEST_PATHS = 16_384;

async function readText(file: FileHandle, offset: number): Promise<string> {
  const bytes = await readAt(file, offset, LONGEST_PATHS);
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end === -1 ? bytes.length : end);
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}
