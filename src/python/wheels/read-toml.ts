import { readFile, writeFile } from "node:fs/promises";
import { parseToml, TomlError } from "../../cnb/toml.ts";
import { decodeText } from "../../kit/decode.ts";

/**
 * The parsed file of a source's copy, or undefined where there is none. It is written again without
 * a byte order mark, since Python's tomllib, which build backends read it with, takes none.
 * Throws a {@link TomlError}.
 */
// https://docs.python.org/3/library/tomllib.html
export async function readTomlOfSource(path: string): Promise<unknown> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  const text = decodeText(bytes);
  if (typeof text !== "string") throw new TomlError("not text in UTF-8", text.line);
  const document = parseToml(text);
  if (hasMark(bytes)) await writeFile(path, text);
  return document;
}

/** Of UTF-8 or UTF-16. */
function hasMark([first, second, third]: Uint8Array): boolean {
  if (first === 0xef) return second === 0xbb && third === 0xbf;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}
