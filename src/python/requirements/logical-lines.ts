/** A line as pip understands it: continuation lines joined, comments and outer blanks removed. */
export interface LogicalLine {
  readonly text: string;
  /** Where it begins, counted from 1. */
  readonly line: number;
}

/** https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
export function logicalLines(text: string): readonly LogicalLine[] {
  const lines: LogicalLine[] = [];
  let joined = "";
  let start = 0;
  const physical = text.split(/\r\n|\n|\r/);
  for (const [index, raw] of physical.entries()) {
    if (joined === "") start = index + 1;
    const isComment = /^\s*#/.test(raw);
    // A comment ends a continuation, as a comment cannot be continued.
    if (!isComment && raw.endsWith("\\")) {
      joined += raw.slice(0, -1);
      continue;
    }
    lines.push({ text: joined + (isComment ? ` ${raw}` : raw), line: start });
    joined = "";
  }
  if (joined !== "") lines.push({ text: joined, line: start });
  return lines
    .map(({ text: whole, line }) => ({ text: whole.replace(/(^|\s)#.*$/, "").trim(), line }))
    .filter(({ text: content }) => content !== "");
}
