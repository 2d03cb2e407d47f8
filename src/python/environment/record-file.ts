/**
 * One line of a distribution's RECORD. `path` is relative to site-packages, with `/`; `size` is
 * absent where the wheel does not tell it.
 * https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-record-file
 */
export interface RecordEntry {
  readonly path: string;
  readonly hash: string;
  readonly size: number | undefined;
}

export function parseRecord(text: string): readonly RecordEntry[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .map((line) => {
      const [path = "", hash = "", size = ""] = splitLine(line);
      return { path, hash, size: /^\d+$/.test(size) ? Number(size) : undefined };
    });
}

export function formatRecord(entries: readonly RecordEntry[]): string {
  return entries
    .map(({ path, hash, size }) => `${quoted(path)},${quoted(hash)},${size ?? ""}\n`)
    .join("");
}

function splitLine(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(",");
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, inQuotes, plain]) => inQuotes?.replaceAll('""', '"') ?? plain ?? "",
  );
}

function quoted(field: string): string {
  return /[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
