import { decodeText } from "../../kit/decode.ts";
import type { Found } from "./label.ts";
import { parseTags } from "./parse-tags.ts";

/** Labels may have as much, and comments are short; parsers take long for more. */
const MOST_BYTES = 65_536;

/** The labels of a tags file, each with the prefix. */
export function parseTagsFile(
  bytes: Uint8Array,
  { file, prefix }: { readonly file: string; readonly prefix: string },
): Found {
  const wrong = (line: number | undefined, found: string, needed: string): Found => ({
    labels: [],
    problems: [{ origin: { file, line }, line: found, needed }],
  });
  if (bytes.length > MOST_BYTES) {
    return wrong(
      undefined,
      `${bytes.length} bytes`,
      `The file may have ${MOST_BYTES} bytes at most`,
    );
  }
  const text = decodeText(bytes);
  if (typeof text === "string") return parseTags(text, { file, prefix });
  return wrong(text.line, text.found, "The file is not text in UTF-8; save it as UTF-8");
}
