import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { sha256 } from "../../src/kit/hash.ts";

/** One digest of all that decides what something is made of. */
export function inputsDigest(inputs: object): string {
  return sha256(JSON.stringify(inputs));
}

/** Whether `path` says that what stands beside it was made from these inputs. */
export async function isStamped(path: string, inputs: string): Promise<boolean> {
  try {
    return (await readFile(path, "utf8")) === inputs;
  } catch {
    return false;
  }
}

export async function stamp(path: string, inputs: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, inputs);
}
