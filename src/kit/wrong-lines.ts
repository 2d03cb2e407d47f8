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
