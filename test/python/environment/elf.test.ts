import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRunPaths } from "../../../src/python/environment/elf.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const DT_STRTAB = 5;
const DT_RPATH = 15;
const DT_RUNPATH = 29;

describe("the run paths of a shared object", () => {
  it.each<[string, [number, string][], string[]]>([
    ["RUNPATH", [[DT_RUNPATH, "$ORIGIN/../x.libs"]], ["$ORIGIN/../x.libs"]],
    ["RPATH with several", [[DT_RPATH, "$ORIGIN:$ORIGIN/../a"]], ["$ORIGIN", "$ORIGIN/../a"]],
    [
      "both",
      [
        [DT_RPATH, "a"],
        [DT_RUNPATH, "b"],
      ],
      ["a", "b"],
    ],
    ["neither", [], []],
  ])("%s", async (_what, entries, paths) => {
    expect(await readRunPaths(await fileWith(sharedObject(entries)))).toEqual(paths);
  });

  it.each([
    ["an empty file", Buffer.alloc(0)],
    ["a linker script", Buffer.from("INPUT(libx.so.1)\n".repeat(10))],
    ["32-bit ELF", Buffer.concat([Buffer.from("\x7fELF\x01\x01"), Buffer.alloc(100)])],
    ["a file that is cut short", sharedObject([[DT_RUNPATH, "x"]]).subarray(0, 100)],
  ])("none in %s", async (_what, content) => {
    expect(await readRunPaths(await fileWith(content))).toEqual([]);
  });
});

async function fileWith(content: Uint8Array): Promise<string> {
  const path = join(await temporaryDirectory(), "lib.so");
  await writeFile(path, content);
  return path;
}

/** The least that is a shared object: a header, two segments, a dynamic section, its strings. */
function sharedObject(entries: readonly (readonly [number, string])[]): Buffer {
  const address = 0x1000;
  const dynamicAt = 64 + 2 * 56;
  const stringsAt = dynamicAt + (entries.length + 2) * 16;
  let strings = "\0";
  const tags: [number, number][] = [[DT_STRTAB, address + stringsAt]];
  for (const [tag, text] of entries) {
    tags.push([tag, strings.length]);
    strings += `${text}\0`;
  }
  const file = Buffer.alloc(stringsAt + strings.length);
  file.write("\x7fELF\x02\x01\x01", "latin1");
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(2, 56);
  writeSegment(file, 64, 1, 0, address, file.length);
  writeSegment(file, 120, 2, dynamicAt, address + dynamicAt, (entries.length + 2) * 16);
  for (const [index, [tag, value]] of tags.entries()) {
    file.writeBigInt64LE(BigInt(tag), dynamicAt + index * 16);
    file.writeBigUInt64LE(BigInt(value), dynamicAt + index * 16 + 8);
  }
  file.write(strings, stringsAt, "latin1");
  return file;
}

function writeSegment(
  file: Buffer,
  at: number,
  type: number,
  offset: number,
  address: number,
  size: number,
): void {
  file.writeUInt32LE(type, at);
  file.writeBigUInt64LE(BigInt(offset), at + 8);
  file.writeBigUInt64LE(BigInt(address), at + 16);
  file.writeBigUInt64LE(BigInt(size), at + 32);
}
