/** Where bytes are no text. */
interface NotText {
  /** Counted from 1. */
  readonly line: number | undefined;
  /** The line, with "?" for what can't be read. */
  readonly found: string;
}

/** Text of UTF-8, or of UTF-16 with a byte order mark as Windows PowerShell writes it. */
export function decodeText(bytes: Uint8Array): string | NotText {
  const [first, second] = bytes;
  const utf16 = first === 0xff && second === 0xfe ? "utf-16le" : "utf-16be";
  const isUtf16 = utf16 === "utf-16le" || (first === 0xfe && second === 0xff);
  const lines: string[] = [];
  try {
    const text = new TextDecoder(isUtf16 ? utf16 : "utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return text.replaceAll(/\r\n?/g, "\n");
  } catch {
    // The line is looked for below.
  }
  if (isUtf16) return { line: undefined, found: "(UTF-16)" };
  lines.push(
    ...Buffer.from(bytes)
      .toString("utf8")
      .split(/\r\n|\r|\n/),
  );
  const index = lines.findIndex((line) => /[\uFFFD\0]/.test(line));
  const found = (lines[index] ?? "").replaceAll(/[\uFFFD\0]/g, "?").slice(0, 80);
  return { line: index + 1, found: found.replaceAll(/[^\x20-\x7e]/g, "?") };
}
