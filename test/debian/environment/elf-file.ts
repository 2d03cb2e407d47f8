import { writeFile } from "node:fs/promises";
import { DT_NEEDED, DT_RUNPATH, DT_SONAME, elfStub } from "../../../src/kit/elf-stub.ts";

interface Parts {
  readonly soname?: string;
  readonly needed?: readonly string[];
  readonly runpath?: string;
  /** What else lies in the file. */
  readonly text?: string;
}

/** Writes a program or a library whose dynamic section says these things. */
export async function writeElf(path: string, parts: Parts = {}): Promise<void> {
  const { needed = [], soname, runpath, text = "" } = parts;
  const file = elfStub([
    ...needed.map((name) => [DT_NEEDED, name] as const),
    ...(soname === undefined ? [] : [[DT_SONAME, soname] as const]),
    ...(runpath === undefined ? [] : [[DT_RUNPATH, runpath] as const]),
  ]);
  await writeFile(path, Buffer.concat([file, Buffer.from(text)]), { mode: 0o755 });
}
