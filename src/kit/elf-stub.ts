export const DT_NEEDED = 1;
export const DT_SONAME = 14;
export const DT_RPATH = 15;
export const DT_RUNPATH = 29;
const DT_STRTAB = 5;

/**
 * The least that the dynamic linker's data can be read from: a header, two segments, a dynamic
 * section with these entries, and their strings. See {@link readElf}.
 */
export function elfStub(entries: readonly (readonly [tag: number, text: string])[]): Buffer {
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
