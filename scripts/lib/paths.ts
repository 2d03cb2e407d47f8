import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The repository. Found from this file, which runs both from its source and from a bundle. */
export const ROOT = rootAbove(import.meta.dirname);

/** What may be deleted at any time, and is then made anew. */
export const CACHE = join(ROOT, ".cache");

export const TOOLS = join(ROOT, ".tools");

export const TOOLS_BIN = join(TOOLS, "bin");

function rootAbove(directory: string): string {
  return existsSync(join(directory, "builder.toml")) ? directory : rootAbove(dirname(directory));
}
