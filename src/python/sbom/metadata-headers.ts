/**
 * The headers of a distribution's METADATA, each name in lower case with its values in their order.
 * It is an e-mail message by form, written by every tool a little differently:
 * https://packaging.python.org/en/latest/specifications/core-metadata/
 */
export type MetadataHeaders = ReadonlyMap<string, readonly string[]>;

export function parseMetadataHeaders(content: string): MetadataHeaders {
  const headers = new Map<string, string[]>();
  let values: string[] | undefined;
  for (const line of content.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/)) {
    // What follows an empty line is the description.
    if (line === "") break;
    if (/^[ \t]/.test(line)) {
      if (values !== undefined) values.push(`${values.pop() ?? ""}\n${line.trim()}`);
      continue;
    }
    const [, name, value] = /^([^\s:]+)[ \t]*:(.*)$/.exec(line) ?? [];
    // A line of a licence's text that its tool has forgotten to indent.
    if (name === undefined || value === undefined) continue;
    values = headers.get(name.toLowerCase()) ?? [];
    values.push(value.trim());
    headers.set(name.toLowerCase(), values);
  }
  return headers;
}

/** The first value, or undefined where it is absent, empty or "UNKNOWN", as setuptools says it. */
export function headerOf(headers: MetadataHeaders, name: string): string | undefined {
  const value = headers.get(name)?.[0]?.trim();
  return value === undefined || value === "" || value === "UNKNOWN" ? undefined : value;
}
