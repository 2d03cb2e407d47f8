import { readFile } from "node:fs/promises";
import * as z from "zod/mini";
import { type Env, readVariable } from "../../cnb/env.ts";
import { HANDOVER } from "../handover.ts";
import type { Section } from "../requirements/read-requirements.ts";

/** What pip is asked for in a file of another package manager. */
export const handedSchema = z.object({
  /** Relative to the app: "environment.yml". */
  file: z.string(),
  /** Lines of a requirements file, options among them, with their places in that file. */
  lines: z.array(z.object({ text: z.string(), line: z.optional(z.number()) })),
  /** Requirements files that are installed, too, relative to the app. */
  files: z.array(z.string()),
});

export interface HandedRequirements extends Section {
  readonly files: readonly string[];
}

/** Undefined where pip's own files say what is installed. */
export async function readHandedRequirements(env: Env): Promise<HandedRequirements | undefined> {
  const path = readVariable(env, HANDOVER.requirements);
  if (path === undefined) return undefined;
  return handedSchema.parse(JSON.parse(await readFile(path, "utf8")));
}
