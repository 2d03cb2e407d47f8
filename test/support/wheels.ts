import { zip } from "../../scripts/lib/conda/zip.ts";
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
