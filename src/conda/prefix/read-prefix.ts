import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { type PrefixRecord, recordSchema } from "./record.ts";
import { compareTexts } from "../../kit/text.ts";

/** The packages of a prefix, sorted by name. */
export async function readPrefix(prefix: string): Promise<readonly PrefixRecord[]> {
  const directory = join(prefix, "conda-meta");
  const names = (await readdir(directory)).filter((name) => name.endsWith(".json"));
  const records = await Promise.all(
    names.map((name) => readJson(join(directory, name), recordSchema)),
  );
  return records.sort((a, b) => compareTexts(a.name, b.name));
}

/**
 * A JSON file that the engine or a package brought. The engine has read it before, so that what is
 * wrong with it is no fault of the app.
 */
export async function readJson<Schema extends z.ZodMiniType>(
  path: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const parsed = schema.safeParse(parseJson(await readFile(path, "utf8"), path));
  if (parsed.success) return parsed.data;
  throw new Error(`${path} is not as expected: ${z.prettifyError(parsed.error)}`);
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is not JSON: ${String(error)}`, { cause: error });
  }
}
