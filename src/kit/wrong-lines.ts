import { describeOrigin, type Origin } from "./origin.ts";

/** A line that cannot be used, for the message that names all of them. */
export interface Problem {
  readonly origin: Origin;
  /** As the file has it, so that a variable's secret is not in it. */
  readonly line: string;
  /** One or two sentences without a full stop; further lines are to be written as they are. */
  readonly needed: string;
}

/** For messages: the place and the line, then what is needed. */
export function describeProblem({ origin, line, needed }: Problem): string {
  const quoted = line.length > MOST_QUOTED ? `${line.slice(0, MOST_QUOTED)}…` : line;
  return `${describeOrigin(origin)}: ${quoted}\n  ${sentenceWithLines(needed)}`;
}

const MOST_QUOTED = 200;

/** The first line is a sentence; what follows is to be written, or opened, as it stands. */
export function sentenceWithLines(needed: string): string {
  const [sentence = "", ...lines] = needed.split("\n");
  if (lines.length > 0) return `${sentence}:\n${lines.map((one) => `\n    ${one}`).join("")}`;
  return sentence.endsWith("?") ? sentence : `${sentence}.`;
}

/** A mistake that people make in files of one item a line, and what is needed in its place. */
export interface WrongLine {
  readonly when: RegExp;
  readonly needed: (match: RegExpExecArray) => string;
}

/** The first that fits counts, so the special stand before the general. */
export function explainLine(line: string, wrong: readonly WrongLine[]): string | undefined {
  for (const { when, needed } of [...ANYWHERE, ...wrong]) {
    const match = when.exec(line);
    if (match !== null) return needed(match);
  }
  return undefined;
}

/** What has to do with the file, whatever it lists. */
const ANYWHERE: readonly WrongLine[] = [
  {
    when: /^(?:<{7}|={7}$|>{7}|\|{7})/,
    needed: () => "The file has an unsolved merge conflict; keep one side and remove the marks",
  },
  {
    when: /^version https:\/\/git-lfs\.github\.com\/spec/,
    needed: () => "This is Git LFS's pointer, not the file; run 'git lfs pull' before the build",
  },
  {
    when: /^(?:<!doctype\b|<html\b|<\?xml\b)/i,
    needed: () => "This is a web page; download the raw file in its place",
  },
];
