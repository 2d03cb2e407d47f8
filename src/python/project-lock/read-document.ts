import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { parseToml, TomlError } from "../../cnb/toml.ts";
import { decodeText } from "../../kit/decode.ts";
import { explainLine } from "../../kit/wrong-lines.ts";

/** A TOML file: as it was written, as it was parsed, and what is read of it. */
interface Document<Data> {
  readonly text: string;
  readonly table: Readonly<Record<string, unknown>>;
  readonly data: Data;
}

/** Why a file can't be read, for the message that names the file. */
export interface Unreadable {
  /** Counted from 1. */
  readonly line: number | undefined;
  readonly issue: string;
}

/** Undefined where there is no such file. */
export async function readDocument<Data>(
  appDir: string,
  file: string,
  schema: z.ZodMiniType<Data>,
): Promise<Document<Data> | Unreadable | undefined> {
  const bytes = await readFile(join(appDir, file)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  const text = decodeText(bytes);
  if (typeof text !== "string")
    return { line: text.line, issue: `${text.found} (this is not text in UTF-8).` };
  let table: Record<string, unknown>;
  try {
    table = parseToml(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return { line: error.line, issue: tomlIssue(error, text) };
  }
  const parsed = schema.safeParse(table);
  if (parsed.success) return { text, table, data: parsed.data };
  if (text.trim() === "") return { line: undefined, issue: EMPTY };
  const path = parsed.error.issues[0]?.path ?? [];
  return { line: undefined, issue: `${describeWrong(path, table)}.` };
}

export const EMPTY = "the file is empty.";

/** Locks list a package's files with their hashes. */
function describeWrong(path: readonly PropertyKey[], table: Record<string, unknown>): string {
  if (path.at(-1) === "hash" && path.at(-3) === "files")
    return `${describePath(path.slice(0, -3), table)} has a file without a hash`;
  return `${describePath(path, table)} is not of the expected form`;
}

function tomlIssue({ line, message }: TomlError, text: string): string {
  const found = text.split("\n")[(line ?? 1) - 1]?.trim() ?? "";
  const reason = message.replace(/ at row .*$/, "");
  const issue = explainLine(found, []) ?? `'${found.slice(0, MOST_QUOTED)}' is not TOML: ${reason}`;
  return `${issue}.`;
}

const MOST_QUOTED = 80;

/** "package numpy: files", since nobody counts the packages of a lock. */
function describePath(path: readonly PropertyKey[], table: Record<string, unknown>): string {
  const [first, index, ...rest] = path;
  const list = table[String(first)];
  if (typeof index !== "number" || !Array.isArray(list)) return path.map(String).join(".");
  const named = z.object({ name: z.string() }).safeParse(list[index]);
  const item = `${String(first)} ${named.success ? named.data.name : index + 1}`;
  return [item, rest.map(String).join(".")].filter((part) => part !== "").join(": ");
}
