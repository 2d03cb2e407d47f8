/**
 * The text of a requirements file. Windows PowerShell's `pip freeze > requirements.txt` writes
 * UTF-16 with a byte order mark; other editors write UTF-8 with one.
 * Throws an {@link UnreadableText} where the bytes are no text.
 */
export function decodeRequirements(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UnreadableText(encoding, error);
  }
  if (text.includes("\0")) throw new UnreadableText(encoding, undefined);
  return text;
}

export class UnreadableText extends Error {
  override readonly name = "UnreadableText";
  readonly encoding: string;

  constructor(encoding: string, cause: unknown) {
    super(`not text in ${encoding}`, { cause });
    this.encoding = encoding;
  }
}

function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return declaredEncoding(bytes) ?? "utf-8";
}

/** pip reads the coding line of PEP 263: a comment in one of the first two lines. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 400)).toString("latin1");
  const declared = start
    .split(/\r?\n/)
    .slice(0, 2)
    .map((line) => /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/.exec(line)?.[1])
    .find((name) => name !== undefined);
  if (declared === undefined) return undefined;
  const label = declared.toLowerCase().replaceAll("_", "-");
  try {
    return new TextDecoder(PYTHON_NAMES[label] ?? label).encoding;
  } catch {
    return undefined;
  }
}

/** Python's names that the WHATWG's table of encodings lacks. */
const PYTHON_NAMES: Readonly<Record<string, string>> = {
  "latin-1": "latin1",
  "iso-latin-1-unix": "latin1",
  cp1252: "windows-1252",
  "utf-8-sig": "utf-8",
};
