const MAGIC = 0xfd_2f_b5_28;
const LARGEST_BLOCK = 128 * 1024;
const RAW = 0;

/**
 * A zstd frame that is stored, not compressed: Node.js 20 has no zstd, and a machine that runs the
 * tests need not have the program. https://datatracker.ietf.org/doc/html/rfc8878#section-3.1.1
 */
export function storeAsZstd(content: Uint8Array): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32LE(MAGIC);
  // One segment, as large as the 8 bytes say that follow.
  header[4] = 0b1110_0000;
  header.writeBigUInt64LE(BigInt(content.length), 5);
  const parts: Uint8Array[] = [header];
  for (let at = 0; at === 0 || at < content.length; at += LARGEST_BLOCK) {
    const block = content.subarray(at, at + LARGEST_BLOCK);
    const isLast = at + LARGEST_BLOCK >= content.length;
    const blockHeader = Buffer.alloc(3);
    blockHeader.writeUIntLE((block.length << 3) | (RAW << 1) | Number(isLast), 0, 3);
    parts.push(blockHeader, block);
  }
  return Buffer.concat(parts);
}
