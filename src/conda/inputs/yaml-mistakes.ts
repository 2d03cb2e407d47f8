import type { ErrorCode } from "yaml";
import { explainLine, type WrongLine } from "../../kit/wrong-lines.ts";

/** What is needed where YAML can't read a line, or reads something else than was meant. */
export function explainYamlLine(line: string): string | undefined {
  return explainLine(line, WRONG_LINES);
}

/** For an error of which the line itself tells nothing. */
export function explainYamlError(code: ErrorCode, words: string): string {
  return EXPLAINED[code] ?? `YAML can't read it: ${words}`;
}

const WRONG_LINES: readonly WrongLine[] = [
  {
    when: /\{%|\{\{/,
    needed: () => "This is a template of Jinja, which nothing fills in here; write the value",
  },
  { when: /^\s*```/, needed: () => "Remove the Markdown marks around the file" },
  {
    when: /^ *\t/,
    needed: () => "YAML is indented by blanks, not by tabs; put blanks in place of the tab",
  },
  {
    when: /^\s*-([^\s\-"'].*)$/,
    needed: ([, item]) => `A blank is needed after the '-'\n- ${item}`,
  },
  {
    when: /^\s*([A-Za-z]\w*):([^\s/:].*)$/,
    needed: ([, key, value]) => `A blank is needed after the ':'\n${key}: ${value}`,
  },
  {
    when: /^\s*-\s+([<>=!~|&*@`%][^#]*?)\s*(?:#.*)?$/,
    needed: ([, item = ""]) =>
      /^[<>=!~]/.test(item)
        ? "A package's name is needed before the version, for example\n- numpy>=1.26"
        : `Quotation marks are needed, since the first character means something else to YAML\n- "${item}"`,
  },
  {
    when: /^\s*(?:channels|dependencies)\s*=/,
    needed: () => "A key ends in ':', and its items stand in the lines below, each with a '-'",
  },
];

const EXPLAINED: { readonly [code in ErrorCode]?: string } = {
  BAD_INDENT: "The line is indented otherwise than those it belongs to",
  BLOCK_AS_IMPLICIT_KEY: "The line is indented otherwise than those it belongs to",
  MULTILINE_IMPLICIT_KEY: "A key with ':' behind it, or an item with '- ' before it, is needed",
  MULTIPLE_DOCS: "A second document begins here; keep one, without '---' between",
  BAD_ALIAS: "No anchor of this name stands before it",
};
