import { decodeText } from "../../kit/decode.ts";
import type { Problem } from "../../kit/wrong-lines.ts";
import { withoutSecrets } from "../channel-url.ts";

/** A piece of a file, and the line in which it begins, counted from 1. */
export interface Line {
  readonly text: string;
  readonly line: number;
}

/** A file of the app that is text. */
export interface SourceText {
  /** Relative to the app. */
  readonly file: string;
  readonly lines: readonly string[];
}

/** The text of a file, or why it is none. */
export function readSourceText(bytes: Uint8Array, file: string): SourceText | Problem {
  const text = decodeText(bytes);
  if (typeof text === "string") return { file, lines: text.split("\n") };
  return {
    origin: { file, line: text.line },
    line: text.found,
    needed: "The file is not text in UTF-8; save it as UTF-8",
  };
}

/** For sorting, as one reads the file. */
export function byLine(a: Problem, b: Problem): number {
  return (a.origin.line ?? 0) - (b.origin.line ?? 0);
}

export function problemAt(source: SourceText, line: number, needed: string): Problem {
  const quoted = withoutSecrets((source.lines[line - 1] ?? "").trim());
  return {
    origin: { file: source.file, line },
    line: quoted === "" ? "(empty)" : quoted,
    needed: withoutSecrets(needed),
  };
}
