/** Removes the indentation that a template literal has in the source, and the outer blank lines. */
export function text(strings: TemplateStringsArray, ...values: readonly unknown[]): string {
  const indent = indentOf(strings.join("\0"));
  const parts = strings.map((part) => part.replaceAll(`\n${indent}`, "\n"));
  // A value of several lines takes the indentation of the line that it stands in.
  const joined = parts.reduce((result, part, index) => {
    const column = /(?:^|\n)([ \t]*)[^\n]*$/.exec(result)?.[1] ?? "";
    const value = String(values[index - 1]).replaceAll("\n", `\n${column}`);
    return result + value + part;
  });
  return joined.replace(/^\n/, "").replace(/\n[ \t]*$/, "");
}

/** "a", "a and b", "a, b and c". */
export function listed(items: readonly string[], conjunction = "and"): string {
  if (items.length <= 1) return items.join("");
  return `${items.slice(0, -1).join(", ")} ${conjunction} ${items.at(-1)}`;
}

export function bulleted(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

/** "1 package", "3 packages". */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** A size in bytes as people read it: "812 kB", "1.4 GB"; powers of ten, as registries count. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(value < 10 && unit > 0 ? 1 : 0)} ${units[unit]}`;
}

/** The host of a URL, with its port; never its userinfo. The text itself where it is no URL. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** The candidates nearest to a misspelt word, best first; none where all are too far away. */
export function nearest(word: string, candidates: Iterable<string>, most = 3): readonly string[] {
  const furthest = Math.max(1, Math.floor(word.length / 4));
  return [...candidates]
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .filter(({ distance }) => distance <= furthest)
    .sort((a, b) => a.distance - b.distance || compareTexts(a.candidate, b.candidate))
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      current[j] = Math.min(
        (last[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (beforeLast[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

function indentOf(template: string): string {
  const indents = template
    .split("\n")
    .slice(1)
    .filter((line) => line.trim() !== "")
    .map((line) => /^[ \t]*/.exec(line)?.[0] ?? "");
  return indents.reduce(
    (least, indent) => (indent.length < least.length ? indent : least),
    indents[0] ?? "",
  );
}

/** An order that no locale changes. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
