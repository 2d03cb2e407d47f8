import { parseParagraphs } from "../deb822.ts";

/**
 * The short names of the licences in a machine-readable copyright file, sorted; none where it is
 * written for people alone. Expressions ("GPL-2+ or MIT") stay whole.
 * https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
 */
export function readLicenses(copyright: string): readonly string[] {
  const [header, ...paragraphs] = parseParagraphs(copyright);
  if (!/^https?:.*copyright-format/.test(header?.get("format") ?? "")) return [];
  // A paragraph without Files holds the text of a licence that others name.
  const files = paragraphs.filter((paragraph) => paragraph.has("files"));
  const named = [header, ...files].flatMap((paragraph) => {
    const [shortName = ""] = (paragraph?.get("license") ?? "").split("\n", 1);
    const name = shortName.trim();
    return name === "" ? [] : [name];
  });
  return [...new Set(named)].sort();
}
