import { createCipheriv, createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Distribution } from "../../src/python/lock.ts";

export interface MadeWheel {
  readonly name: string;
  readonly version?: string;
  /** By path in site-packages; `<name>-<version>.data/…` for files outside of it. */
  readonly files: { readonly [path: string]: string | Uint8Array };
  readonly scripts?: { readonly [name: string]: string };
  /** Requirements of its metadata: "numpy>=2". */
  readonly requires?: readonly string[];
  /** Names that requirements may have behind "extra ==". */
  readonly extras?: readonly string[];
}

/** Writes a wheel with a RECORD, and gives its entry in a lock. */
export async function makeWheel(
  directory: string,
  { name, version = "1.0", files, scripts = {}, requires = [], extras = [] }: MadeWheel,
): Promise<Distribution> {
  const stem = `${name.toLowerCase().replaceAll(/[-_.]+/g, "_")}-${version}`;
  const info = `${stem}.dist-info`;
  const entryPoints = Object.entries(scripts).map(([script, target]) => `${script} = ${target}\n`);
  const all: Record<string, Uint8Array> = Object.fromEntries(
    Object.entries({
      ...files,
      [`${info}/METADATA`]: [
        `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
        ...extras.map((extra) => `Provides-Extra: ${extra}\n`),
        ...requires.map((line) => `Requires-Dist: ${line}\n`),
      ].join(""),
      [`${info}/WHEEL`]:
        "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
      ...(entryPoints.length === 0
        ? {}
        : { [`${info}/entry_points.txt`]: `[console_scripts]\n${entryPoints.join("")}` }),
    }).map(([path, content]) => [path, Buffer.from(content)]),
  );
  const record = Object.entries(all).map(([path, content]) => {
    const hash = createHash("sha256").update(content).digest("base64url");
    return `${path},sha256=${hash},${content.length}\n`;
  });
  all[`${info}/RECORD`] = Buffer.from(`${record.join("")}${info}/RECORD,,\n`);

  const wheel = zip(all);
  await writeFile(join(directory, `${stem}-py3-none-any.whl`), wheel);
  const sha256 = createHash("sha256").update(wheel).digest("hex");
  return { from: "wheel", name, version, sha256 };
}

/** Content that makes a distribution heavy, different for each name. */
export function ballast(name: string, megabytes = 11): Uint8Array {
  return Buffer.alloc(megabytes * 1_000_000, `${name} `);
}

/** Content that can't be compressed, as code for GPUs hardly can. */
export function noise(name: string, megabytes = 11): Uint8Array {
  const key = createHash("sha256").update(name).digest().subarray(0, 16);
  return createCipheriv("aes-128-ctr", key, Buffer.alloc(16)).update(
    Buffer.alloc(megabytes * 1_000_000),
  );
}

/** Stored, not compressed: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
function zip(files: Record<string, Uint8Array>): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of Object.entries(files)) {
    const name = Buffer.from(path);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, name, content]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(0o100644 * 0x1_0000, 6);
    tail.writeUInt32LE(offset, 10);
    entries.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x03"), common, tail, name]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1)
    value = value & 1 ? 0xed_b8_83_20 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(content: Uint8Array): number {
  let crc = 0xff_ff_ff_ff;
  for (const byte of content) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xff_ff_ff_ff) >>> 0;
}
