import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { decodeText } from "../../../kit/decode.ts";
import { explainLine } from "../../../kit/wrong-lines.ts";
import { failure } from "../failures.ts";
import { EMPTY } from "../read-document.ts";
import { LOCK_FILE, RELOCK } from "./names.ts";

const entrySchema = z.object({
  version: z.optional(z.string()),
  hashes: z.optional(z.array(z.string())),
  markers: z.optional(z.string()),
  /** The name of a source. */
  index: z.optional(z.string()),
  git: z.optional(z.string()),
  hg: z.optional(z.string()),
  svn: z.optional(z.string()),
  bzr: z.optional(z.string()),
  ref: z.optional(z.nullable(z.string())),
  subdirectory: z.optional(z.string()),
  file: z.optional(z.string()),
  path: z.optional(z.string()),
});

const metaSchema = z.object({
  hash: z.optional(z.object({ sha256: z.optional(z.string()) })),
  sources: z.optional(z.array(z.object({ name: z.optional(z.string()), url: z.string() }))),
});

const lockSchema = z.catchall(z.object({ _meta: metaSchema }), z.record(z.string(), entrySchema));

export type LockedEntry = z.infer<typeof entrySchema>;

export interface PipenvLock {
  readonly meta: z.infer<typeof metaSchema>;
  /** By category ("default", "develop", …), then by name. */
  readonly sections: Readonly<Record<string, Readonly<Record<string, LockedEntry>>>>;
}

/** Throws a failure where it is not a lock of Pipenv. */
export async function readLock(appDir: string): Promise<PipenvLock> {
  const text = decodeText(await readFile(join(appDir, LOCK_FILE)));
  if (typeof text !== "string") {
    throw invalid(text.line, `${text.found} (this is not text in UTF-8)`);
  }
  if (text.trim() === "") throw invalid(undefined, EMPTY);
  const parsed = lockSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path ?? [];
    throw invalid(undefined, `${path.map(String).join(": ")} is not of the expected form`);
  }
  const { _meta: meta, ...sections } = parsed.data;
  return { meta, sections };
}

/** For a lock that can't be installed as it is written. */
export function invalid(line: number | undefined, issue: string, cause?: unknown): Error {
  return failure("lock-invalid", { lockFile: LOCK_FILE, line, issue, relock: RELOCK }, cause);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    const end = text.trimEnd().length;
    const position = Math.min(Number(/at position (\d+)/.exec(message)?.[1] ?? end), end);
    const line = text.slice(0, position).split("\n").length;
    const found = text.split("\n")[line - 1]?.trim() ?? "";
    const issue = explainLine(found, []) ?? `'${found.slice(0, MOST_QUOTED)}' is not JSON there`;
    throw invalid(line, issue, error);
  }
}

const MOST_QUOTED = 80;
