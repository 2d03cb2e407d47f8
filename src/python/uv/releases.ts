import { explain, gt, satisfies, validRange } from "@renovatebot/pep440";
import { normalizeName } from "../lock.ts";
import type { IndexFile } from "./index-lookup.ts";
import { parseWheelFile } from "./wheel-file.ts";

/** The newest final release that an index has files of. */
export function newestVersion(name: string, files: readonly IndexFile[]): string | undefined {
  let newest: string | undefined;
  for (const { filename } of files) {
    const version = versionOf(name, filename);
    const parsed = version === undefined ? null : explain(version);
    if (version === undefined || parsed === null || parsed.is_prerelease || parsed.is_devrelease)
      continue;
    if (newest === undefined || gt(version, newest)) newest = version;
  }
  return newest;
}

/** The Pythons ("3.11") that a release has wheels for, oldest first; none where it has no wheel. */
export function pythonsWithWheels(
  name: string,
  version: string,
  files: readonly IndexFile[],
): readonly string[] {
  const tags = files
    .filter(({ filename }) => filename.endsWith(".whl") && versionOf(name, filename) === version)
    .flatMap(({ filename }) => parseWheelFile(filename)?.tags ?? [])
    .filter(({ platform }) => platform === "any" || /linux/.test(platform));
  return pythonsOfTags(tags.map(({ python }) => python));
}

/** "cp311" → "3.11"; sorted, each once. */
export function pythonsOfTags(tags: readonly string[]): readonly string[] {
  const minors = tags.flatMap((tag) => {
    const minor = /^cp3(\d+)/.exec(tag)?.[1];
    return minor === undefined ? [] : [Number(minor)];
  });
  return [...new Set(minors)].sort((a, b) => a - b).map((minor) => `3.${minor}`);
}

export function requiredPython(
  name: string,
  version: string,
  files: readonly IndexFile[],
): string | undefined {
  return files.find(
    ({ filename, requiresPython }) =>
      requiresPython !== undefined && versionOf(name, filename) === version,
  )?.requiresPython;
}

/** Whether a Python is one that "Requires-Python" allows; also where that cannot be read. */
export function allowsPython(required: string, python: string): boolean {
  return !validRange(required) || satisfies(python, required);
}

function versionOf(name: string, filename: string): string | undefined {
  if (filename.endsWith(".whl")) return filename.split("-")[1];
  const stem = filename.replace(/\.(?:tar\.gz|zip|tgz|tar\.bz2)$/, "");
  const at = stem.lastIndexOf("-");
  return normalizeName(stem.slice(0, at)) === name ? stem.slice(at + 1) : undefined;
}
