import { crc32 } from "node:zlib";

/**
 * A ZIP archive of a few small texts, not compressed. Their names are ASCII.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function storedZip(files: { readonly [path: string]: string }): Uint8Array {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const [name, content] = [Buffer.from(path), Buffer.from(text)];
    const common = commonFields(name, content);
    const local = Buffer.concat([LOCAL, common, name, content]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    entries.push(Buffer.concat([ENTRY, common, tail, name]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(entries);
  return Buffer.concat([...locals, directory, endRecord(entries.length, directory.length, offset)]);
}

const LOCAL = Buffer.from("PK\x03\x04", "latin1");
/** With the version of the format that it was made by. */
const ENTRY = Buffer.from("PK\x01\x02\x14\x00", "latin1");
const END = Buffer.from("PK\x05\x06", "latin1");

/** From the version that is needed to the length of the extra field, which is 0. */
function commonFields(name: Buffer, content: Buffer): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  // 1980-01-01, the earliest date that there is.
  fields.writeUInt16LE(0x21, 8);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(content.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

function endRecord(count: number, size: number, offset: number): Buffer {
  const fields = Buffer.alloc(18);
  fields.writeUInt16LE(count, 4);
  fields.writeUInt16LE(count, 6);
  fields.writeUInt32LE(size, 8);
  fields.writeUInt32LE(offset, 12);
  return Buffer.concat([END, fields]);
}
