/** A paragraph of a control file; names of fields in lower case. */
export type Paragraph = ReadonlyMap<string, string>;

export interface PlacedParagraph {
  readonly fields: Paragraph;
  /** Of its first field, counted from 1. */
  readonly line: number;
  /** Lines that are neither a field nor the continuation of one. */
  readonly stray: readonly { readonly line: number; readonly text: string }[];
}

/**
 * The paragraphs of Debian's control format, comments left out. A value of several lines keeps its
 * line ends, without the indentation of one blank.
 * https://manpages.debian.org/trixie/dpkg-dev/deb822.5.en.html
 */
export function parseParagraphs(text: string): readonly Paragraph[] {
  return parsePlacedParagraphs(text).map(({ fields }) => fields);
}

export function parsePlacedParagraphs(text: string): readonly PlacedParagraph[] {
  const paragraphs: PlacedParagraph[] = [];
  let fields = new Map<string, string>();
  let stray: { line: number; text: string }[] = [];
  let start = 0;
  let last: string | undefined;
  const close = () => {
    if (start > 0) paragraphs.push({ fields, line: start, stray });
    [fields, stray, start, last] = [new Map(), [], 0, undefined];
  };
  for (const [index, line] of text.split("\n").entries()) {
    if (line.startsWith("#")) continue;
    if (line.trim() === "") {
      close();
      continue;
    }
    if (start === 0) start = index + 1;
    const colon = line.indexOf(":");
    if ((line.startsWith(" ") || line.startsWith("\t")) && last !== undefined) {
      fields.set(last, `${fields.get(last)}\n${line.slice(1)}`);
    } else if (/^[A-Za-z0-9][\w-]*\s*:/.test(line)) {
      last = line.slice(0, colon).trim().toLowerCase();
      fields.set(last, line.slice(colon + 1).trim());
    } else {
      stray.push({ line: index + 1, text: line });
    }
  }
  close();
  return paragraphs;
}

/** "mawk (<< 1.3), gawk" → "mawk", "gawk". */
export function namesOfRelation(relation: string | undefined): readonly string[] {
  return (relation ?? "")
    .split(/[,|]/)
    .map((one) => one.trim().split(/[\s(:[<]/, 1)[0] ?? "")
    .filter((name) => name !== "");
}
