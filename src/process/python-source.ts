/** One logical line of Python: continuation lines are joined, comments are left out. */
export interface Statement {
  /** Where it begins, counted from 1. */
  readonly line: number;
  /** Columns of white space before it; a tab reaches to the next multiple of eight. */
  readonly indent: number;
  /** Strings are emptied, except short names and addresses such as "__main__". */
  readonly code: string;
}

/**
 * Splits Python source into statements, closely enough to tell code from text that looks like
 * code. It never fails: what is not Python gives statements that mean nothing. Running the app's
 * own Python to ask it would mean running the app at build.
 */
export function readStatements(source: string): readonly Statement[] {
  const statements: Statement[] = [];
  const text = source.replace(/^\uFEFF/, "").replaceAll(/\r\n?/g, "\n");
  let position = 0;
  let line = 1;

  while (position < text.length) {
    const margin = /^[ \t\f]*/.exec(text.slice(position, position + 400))?.[0] ?? "";
    position += margin.length;
    const logical = readLogicalLine(text, position);
    for (const code of logical.parts) statements.push({ line, indent: widthOf(margin), code });
    line += logical.lines;
    position = logical.end;
  }
  return statements;
}

/** What is longer is a table of data, of which the beginning says enough. */
const MOST_CHARACTERS = 10_000;

interface LogicalLine {
  /** More than one where semicolons divide it. */
  readonly parts: readonly string[];
  readonly end: number;
  readonly lines: number;
}

function readLogicalLine(text: string, start: number): LogicalLine {
  const parts: string[] = [];
  let code = "";
  let position = start;
  let lines = 0;
  let depth = 0;

  while (position < text.length) {
    const character = text.charAt(position);
    if (character === "#") {
      position = endOfLine(text, position);
    } else if (character === "'" || character === '"') {
      const literal = readString(text, position);
      code += literal.code;
      lines += literal.lines;
      position = literal.end;
    } else if (character === "\\" && text.charAt(position + 1) === "\n") {
      code += " ";
      lines += 1;
      position += 2;
    } else if (character === "\n") {
      lines += 1;
      position += 1;
      if (depth === 0) break;
      code += " ";
    } else {
      if ("([{".includes(character)) depth += 1;
      if (")]}".includes(character)) depth = Math.max(0, depth - 1);
      if (character === ";" && depth === 0) {
        parts.push(code);
        code = "";
      } else {
        code += character;
      }
      position += 1;
    }
  }
  const codes = [...parts, code].map((part) =>
    part.slice(0, MOST_CHARACTERS).replaceAll(/\s+/g, " ").trim(),
  );
  return { parts: codes.filter((part) => part !== ""), end: position, lines };
}

function readString(text: string, start: number) {
  const quote = text.charAt(start);
  const triple = text.startsWith(quote.repeat(3), start);
  const mark = triple ? quote.repeat(3) : quote;
  let position = start + mark.length;
  let lines = 0;

  while (position < text.length && !text.startsWith(mark, position)) {
    const character = text.charAt(position);
    // A string that is not closed ends with its line, so that the rest can be read.
    if (character === "\n" && !triple) return { code: '""', end: position, lines };
    const escaped = character === "\\";
    if (text.charAt(position + (escaped ? 1 : 0)) === "\n") lines += 1;
    position += escaped ? 2 : 1;
  }
  const content = text.slice(start + mark.length, position);
  const code = /^[\w.:]{1,64}$/.test(content) ? `"${content}"` : '""';
  return { code, end: Math.min(text.length, position + mark.length), lines };
}

function endOfLine(text: string, position: number): number {
  const end = text.indexOf("\n", position);
  return end === -1 ? text.length : end;
}

function widthOf(margin: string): number {
  let width = 0;
  for (const character of margin) {
    width = character === "\t" ? (Math.floor(width / 8) + 1) * 8 : width + 1;
  }
  return width;
}
