import { lstatSync, mkdirSync, readlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { pathsOf, type PrefixRecord } from "./record.ts";

/** Makes a file without its contents wherever a link of the package leads into a layer whose contents are absent. */
export function makeStandIns(prefix: string, record: PrefixRecord, layerPath: string): void {
  for (const { _path } of pathsOf(record)) {
    const path = `${prefix}/${_path}`;
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) continue;
    const target = readlinkSync(path);
    if (!target.startsWith(`${layerPath}/`)) continue;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, "\n");
  }
}
