const BLOCK = 99_000;
const END_OF_LENGTHS = 9;
const CODES_A_GROUP = 50;

/**
 * Node.js has no bzip2, and a machine that runs the tests need not have the program. All codes have
 * one length, so this packs little; it is for packages of a few hundred kilobytes.
 * https://github.com/dsnet/compress/blob/main/doc/bzip2-format.pdf
 */
export function bzip2(content: Uint8Array): Buffer {
  const bits = new BitWriter();
  for (const byte of Buffer.from("BZh1")) bits.write(byte, 8);
  let combined = 0;
  for (const { runs, crc } of splitBlocks(content)) {
    combined = (((combined << 1) | (combined >>> 31)) ^ crc) >>> 0;
    writeBlock(bits, runs, crc);
  }
  bits.write(0x17_72_45, 24);
  bits.write(0x38_50_90, 24);
  bits.write32(combined);
  return bits.finish();
}

interface Block {
  readonly runs: Buffer;
  readonly crc: number;
}

/** Four equal bytes are followed by the number of further ones. A run ends with its block. */
function splitBlocks(content: Uint8Array): readonly Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < content.length) {
    const start = at;
    const runs: number[] = [];
    while (at < content.length && runs.length < BLOCK) {
      const byte = content[at] ?? 0;
      let length = 1;
      while (length < 255 && content[at + length] === byte) length += 1;
      for (let index = 0; index < Math.min(length, 4); index += 1) runs.push(byte);
      if (length >= 4) runs.push(length - 4);
      at += length;
    }
    blocks.push({ runs: Buffer.from(runs), crc: crcOf(content.subarray(start, at)) });
  }
  return blocks;
}

function writeBlock(bits: BitWriter, runs: Buffer, crc: number): void {
  const { last, origin } = burrowsWheeler(runs);
  const used = [...new Set(last)].sort((a, b) => a - b);
  const symbols = moveToFront(last, used);
  const alphabet = used.length + 2;

  bits.write(0x31_41_59, 24);
  bits.write(0x26_53_59, 24);
  bits.write32(crc);
  bits.write(0, 1);
  bits.write(origin, 24);
  writeUsed(bits, used);
  // Two equal tables, of which there must be two, and all groups use the first.
  const groups = Math.ceil(symbols.length / CODES_A_GROUP);
  bits.write(2, 3);
  bits.write(groups, 15);
  for (let index = 0; index < groups; index += 1) bits.write(0, 1);
  for (let table = 0; table < 2; table += 1) {
    bits.write(END_OF_LENGTHS, 5);
    for (let symbol = 0; symbol < alphabet; symbol += 1) bits.write(0, 1);
  }
  for (const symbol of symbols) bits.write(symbol, END_OF_LENGTHS);
}

/** The last column of the sorted rotations, and the row of the text itself. */
function burrowsWheeler(text: Buffer): { readonly last: Buffer; readonly origin: number } {
  const size = text.length;
  const doubled = Buffer.concat([text, text]);
  const rows = Uint32Array.from({ length: size }, (_, index) => index).sort((a, b) =>
    doubled.compare(doubled, b, b + size, a, a + size),
  );
  const last = Buffer.from(rows.map((row) => doubled[row + size - 1] ?? 0));
  return { last, origin: rows.indexOf(0) };
}

/** Zeros become a number in bijective base 2 of the symbols 0 and 1; the last symbol ends the block. */
function moveToFront(column: Buffer, used: readonly number[]): readonly number[] {
  const recent = [...used];
  const symbols: number[] = [];
  let zeros = 0;
  const writeZeros = () => {
    for (; zeros > 0; zeros = (zeros - 1) >> 1) symbols.push((zeros - 1) & 1);
  };
  for (const byte of column) {
    const place = recent.indexOf(byte);
    if (place === 0) {
      zeros += 1;
      continue;
    }
    writeZeros();
    recent.splice(place, 1);
    recent.unshift(byte);
    symbols.push(place + 1);
  }
  writeZeros();
  return [...symbols, used.length + 1];
}

/** Which ranges of 16 bytes occur, then which bytes of each. */
function writeUsed(bits: BitWriter, used: readonly number[]): void {
  const ranges = Array.from({ length: 16 }, (_, range) => used.some((byte) => byte >> 4 === range));
  for (const isUsed of ranges) bits.write(Number(isUsed), 1);
  for (let byte = 0; byte < 256; byte += 1) {
    if (ranges[byte >> 4] === true) bits.write(Number(used.includes(byte)), 1);
  }
}

class BitWriter {
  readonly #bytes: number[] = [];
  #pending = 0;
  #count = 0;

  /** The lowest bits of a value, up to 24 of them, the highest first. */
  write(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit -= 1) {
      this.#pending = (this.#pending << 1) | ((value >>> bit) & 1);
      this.#count += 1;
      if (this.#count === 8) {
        this.#bytes.push(this.#pending);
        this.#pending = 0;
        this.#count = 0;
      }
    }
  }

  write32(value: number): void {
    this.write(value >>> 16, 16);
    this.write(value & 0xff_ff, 16);
  }

  finish(): Buffer {
    if (this.#count > 0) this.write(0, 8 - this.#count);
    return Buffer.from(this.#bytes);
  }
}

/** Not the CRC of zip: the highest bit comes first. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit += 1)
    value = value < 0 ? (value << 1) ^ 0x04_c1_1d_b7 : value << 1;
  return value;
});

function crcOf(content: Uint8Array): number {
  let crc = 0xff_ff_ff_ff;
  for (const byte of content) crc = (crc << 8) ^ (CRC_TABLE[((crc >>> 24) ^ byte) & 0xff] ?? 0);
  return ~crc >>> 0;
}
