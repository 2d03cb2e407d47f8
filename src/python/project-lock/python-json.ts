/**
 * The text that Python's `json.dumps(value, sort_keys=True)` makes, of which Poetry takes the hash.
 * Dates, which JSON has not, are not looked for: Poetry accepts none where it looks.
 * https://docs.python.org/3/library/json.html
 */
export function pythonJson(value: unknown, { item, key } = USUAL): string {
  const inside = (inner: unknown) => pythonJson(inner, { item, key });
  if (Array.isArray(value)) return `[${value.map(inside).join(item)}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => compareCodePoints(a, b));
    return `{${entries.map(([name, inner]) => text(name) + key + inside(inner)).join(item)}}`;
  }
  return typeof value === "string" ? text(value) : JSON.stringify(value);
}

/** json.dumps's `separators`. */
const USUAL = { item: ", ", key: ": " };

/** `ensure_ascii`: each UTF-16 unit outside of ASCII, and DEL, by its number. */
function text(value: string): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Python's order of strings, which is that of their UTF-8. */
function compareCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
