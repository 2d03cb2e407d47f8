import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../../kit/log.ts";
import { failure } from "./failures.ts";
import { type Found, NOTHING } from "./label.ts";

const NAMES: readonly string[] = ["business-tags.yaml", "business-tags.yml"];

/** The labels of the tags file, each with the prefix; none where there is no such file. */
export async function readTagsFile(appDir: string, prefix: string, log: Log): Promise<Found> {
  const entries = await readdir(appDir);
  warnOfOtherSpellings(entries, log);
  const files = NAMES.filter((name) => entries.includes(name));
  const [file] = files;
  if (file === undefined) return NOTHING;
  if (files.length > 1) throw failure("tags-files-several", { files });
  const bytes = await readFile(join(appDir, file)).catch((error: unknown) => {
    throw failure("tags-file-unreadable", { file, reason: String(error) }, error);
  });
  // YAML's parser is not small, and most apps have no such file.
  const { parseTagsFile } = await import("./tags-file.ts");
  return parseTagsFile(bytes, { file, prefix });
}

function warnOfOtherSpellings(entries: readonly string[], log: Log): void {
  for (const name of entries) {
    if (!/^business.?tags\.ya?ml$/i.test(name) || NAMES.includes(name)) continue;
    log.warn(`The file ${name} is not used`, "Its name must be business-tags.yaml.");
  }
}
