import { rm } from "node:fs/promises";
import { join } from "node:path";
import { writeFileWhole } from "../../cnb/files.ts";
import { pathsOf, type PrefixRecord, recordPath } from "./record.ts";
import { compareTexts } from "../../kit/text.ts";

/**
 * Writes `conda-meta` so that conda and others take the directory for an environment and list what
 * is in it, and so that equal packages give equal bytes.
 */
export async function writeRecords(
  prefix: string,
  records: readonly PrefixRecord[],
): Promise<void> {
  for (const record of records) {
    await writeFileWhole(join(prefix, recordPath(record)), formatRecord(record));
  }
  await writeFileWhole(join(prefix, "conda-meta/history"), formatHistory(records));
  await writeFileWhole(join(prefix, "conda-meta/frozen"), FROZEN);
  // The engine asks backup programs to leave the prefix out, which is the image's own here.
  await rm(join(prefix, "CACHEDIR.TAG"), { force: true });
}

/** As conda writes it: keys sorted, indented by two. */
export function formatRecord(record: PrefixRecord): string {
  const files = pathsOf(record).map(({ _path }) => _path);
  return `${JSON.stringify(sortKeys({ ...record, files }), undefined, 2)}\n`;
}

/**
 * One revision, for `conda list --revisions`. Its time is the one that the lifecycle gives to all
 * files of a layer. It names no specs, since one lock may follow from many requests.
 */
export function formatHistory(records: readonly PrefixRecord[]): string {
  const added = records.map(
    ({ channel, subdir, name, version, build }) =>
      `+${channel}/${subdir}::${name}-${version}-${build}\n`,
  );
  return ["==> 1980-01-01 00:00:01 <==\n", ...added.sort()].join("");
}

/** https://github.com/conda/ceps/blob/main/cep-0022.md */
const FROZEN = `${JSON.stringify({
  message:
    "This environment is part of an image. What is installed in a container is gone with it: change the app's environment file and build the image again.",
})}\n`;

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => compareTexts(a, b))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  );
}
