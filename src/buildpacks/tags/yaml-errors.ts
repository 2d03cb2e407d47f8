import { type Document, type ErrorCode, isScalar, type LineCounter, type YAMLError } from "yaml";
import { explainLine, type WrongLine } from "../../kit/wrong-lines.ts";
import { mayHoldSecret, quotePiece } from "./unsafe.ts";

interface WrongYaml {
  readonly line: number;
  readonly found: string;
  readonly needed: string;
}

/**
 * What keeps a file from being read, the first of it, since one leads to the next. Before that comes
 * what is wrong with the file as a whole, which YAML may well read.
 */
export function explainError(
  { errors, contents }: Document.Parsed,
  text: string,
  counter: LineCounter,
): WrongYaml | undefined {
  const lines = text.split("\n");
  const at = (index: number, needed: string): WrongYaml => {
    const found = lines[index] ?? "";
    // What is to be written has parts of the line, and may be long.
    const isShort = found.length <= MOST_REPEATED && !mayHoldSecret(text);
    return {
      line: index + 1,
      // The line may be the second one of a password.
      found: quotePiece(found, text),
      needed: isShort ? needed : needed.replace(/\n.*$/s, ""),
    };
  };
  for (const [index, line] of lines.entries()) {
    const needed = explainLine(line, []);
    if (needed !== undefined) return at(index, needed);
  }
  const [error] = errors;
  if (error === undefined) {
    // "team:vision" is a single value.
    const needed = isScalar(contents) ? explainLine(lines[0] ?? "", WRONG_LINES) : undefined;
    return needed === undefined ? undefined : at(0, needed);
  }
  const open = lines.findIndex((line) => isLeftOpen(line, error));
  if (open >= 0) return at(open, "A quotation mark or a bracket is not closed");
  const { line, col } = counter.linePos(error.pos[0]);
  const explained = EXPLAINED[error.code] ?? error.message;
  return at(
    line - 1,
    explainLine(lines[line - 1] ?? "", WRONG_LINES) ??
      `This is no YAML at column ${col}: ${explained}`,
  );
}

const MOST_REPEATED = 120;

/** Told where it begins: YAML looks for the end until something else is wrong. */
function isLeftOpen(line: string, { message }: YAMLError): boolean {
  if (message.includes("quote")) return /(?:^|[:[{,])\s*(?:"(?:[^"\\]|\\.)*|'[^']*)$/.test(line);
  return /[Ff]low/.test(message) && line.split(/[[{]/).length > line.split(/[\]}]/).length;
}

const WRONG_LINES: readonly WrongLine[] = [
  {
    when: /\{%|\{\{/,
    needed: () => "This is a template, which nothing fills in here; write the value",
  },
  {
    when: /^\s*\t/,
    needed: () => "YAML is indented by blanks, not by tabs; put blanks in place of the tab",
  },
  {
    when: /^\s*([\w.-]+):([^\s:/].*)$/,
    needed: ([, key = "", value = ""]) => `A blank is needed after the ':'\n${key}: ${value}`,
  },
  {
    when: /^\s*([\w.-]+)\s*=\s*(\S.*)$/,
    needed: ([, key = "", value = ""]) =>
      `A ':' and a blank are needed after the key\n${key}: ${value}`,
  },
  {
    when: /^\s*([\w.-]+):\s+([%@`&*!|>\]},].*|[[{].*[^\]}]|[-?]\s.*|[^"'#[{]*:\s.*)$/,
    needed: ([, key = "", value = ""]) =>
      `Quotation marks are needed, since a character means something else to YAML\n${key}: '${value.replaceAll("'", "''")}'`,
  },
];

const EXPLAINED: { readonly [code in ErrorCode]?: string } = {
  BAD_INDENT: "the line is indented otherwise than those it belongs to",
  BLOCK_AS_IMPLICIT_KEY: "a key has either a value, or further keys in the lines below",
  MULTILINE_IMPLICIT_KEY: "a key with ':' and a value is needed",
  MISSING_CHAR: "a key with ':' and a value is needed",
  NON_STRING_KEY: "a key is a single word",
  RESOURCE_EXHAUSTION: "maps are nested too deeply",
  MULTIPLE_DOCS: "a second document begins here; keep one, without '---' between",
  UNEXPECTED_TOKEN: "the value has ended before; quotation marks are needed around all of it",
};
