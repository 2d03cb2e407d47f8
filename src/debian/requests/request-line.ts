import { basename } from "node:path";
import { withoutUserinfo } from "../../kit/redact.ts";
import { isKeyOfImage, parseSourceLine } from "./sources.ts";
import { explainForeignArchive, explainWrongLine } from "./wrong-lines.ts";

/** A request without its place. */
export interface ParsedPackage {
  readonly name: string;
  readonly version?: string;
  readonly suite?: string;
  readonly text: string;
}

export type ParsedLine =
  | { readonly kind: "packages"; readonly packages: readonly ParsedPackage[] }
  | { readonly kind: "deb"; readonly source: string; readonly sha256: string | undefined }
  /** What follows `:repo:`. */
  | { readonly kind: "repository"; readonly text: string }
  | { readonly kind: "wrong"; readonly needed: string };

/** A line without its comment and outer blanks; not empty. */
export function parseRequestLine(line: string, arch: string): ParsedLine {
  if (line.startsWith(":repo:")) return parseRepository(line.slice(6).trim());
  if (/^deb(?:-src)?\s+(?:\[|[a-z+]+:)/.test(line)) return explainArchive(line, arch);
  const [first = "", ...others] = line.split(/\s+/);
  if (isFile(first)) return parseDeb(first, others);
  const packages: ParsedPackage[] = [];
  for (const word of [first, ...others]) {
    const parsed = parsePackage(word, arch);
    if ("issue" in parsed) return { kind: "wrong", needed: explainWrongLine(line) ?? parsed.issue };
    packages.push(parsed);
  }
  // Several words may be a sentence or a command; each alone would pass as a name.
  const needed = others.length > 0 ? explainWrongLine(line) : undefined;
  if (needed !== undefined) return { kind: "wrong", needed };
  return { kind: "packages", packages };
}

// https://www.debian.org/doc/debian-policy/ch-controlfields.html#source
const NAME = /^[a-z0-9][a-z0-9+.-]+$/;
const VERSION = /^(?:\d+:)?[0-9][A-Za-z0-9.+~:-]*\*?$/;
const SUITE = /^[A-Za-z0-9][A-Za-z0-9.+~-]*$/;

function parsePackage(word: string, arch: string): ParsedPackage | { readonly issue: string } {
  const [, named = "", mark, given = ""] = /^([^=/]*)(?:([=/])(.*))?$/s.exec(word) ?? [];
  const [name = "", ofArch, ...more] = named.split(":");
  const isOwn = ofArch === undefined || ofArch === arch || ofArch === "native";
  if (NAME.test(name) && !name.endsWith("-") && more.length === 0) {
    if (!isOwn) {
      return {
        issue: `The image is for ${arch}, and packages of another architecture can't run there: ${name}`,
      };
    }
    if (mark === undefined) return { name, text: word };
    if (mark === "=" && VERSION.test(given)) return { name, version: given, text: word };
    if (mark === "/" && SUITE.test(given)) return { name, suite: given, text: word };
    if (mark === "=")
      return { issue: `After '=' a version is needed, for example: ${name}=1.2.3-1` };
    return { issue: `After '/' a suite is needed, for example: ${name}/trixie-backports` };
  }
  return {
    issue:
      "The name of a Debian package is needed: lower-case letters, digits, '+', '-' and '.' only",
  };
}

function parseRepository(text: string): ParsedLine {
  const needed = explainForeignArchive(text);
  return needed === undefined ? { kind: "repository", text } : { kind: "wrong", needed };
}

/** A line of apt's sources.list: what it lacks behind `:repo:`, or that it lacks only that. */
function explainArchive(line: string, arch: string): ParsedLine {
  const repository = parseRepository(line);
  if (repository.kind === "wrong") return repository;
  const marked = `:repo:${line}`;
  const at = { origin: { file: "apt.txt" }, line: marked };
  const parsed = parseSourceLine(line, at, { arch });
  if (parsed.kind === "wrong") return { kind: "wrong", needed: parsed.needed };
  if (parsed.kind === "skipped") {
    return { kind: "wrong", needed: "The image needs nothing of this archive; remove the line" };
  }
  const toWrite = withoutUserinfo(marked);
  const key = parsed.signedBy?.kind === "path" ? parsed.signedBy.path : "";
  if (!key.startsWith("/") || isKeyOfImage(key)) {
    return {
      kind: "wrong",
      needed: `An archive of packages is written with ':repo:' before it\n${toWrite}`,
    };
  }
  return {
    kind: "wrong",
    needed: `An archive of packages is written with ':repo:' before it, and with a key that is in the app\n${toWrite.replace(key, `./keys/${basename(key)}`)}`,
  };
}

function isFile(word: string): boolean {
  return /^(?:\.{0,2}\/|file:)/.test(word) || /^https?:\/\//i.test(word) || /\.deb$/i.test(word);
}

function parseDeb(source: string, words: readonly string[]): ParsedLine {
  if (source.startsWith("file:")) {
    return { kind: "wrong", needed: "Write the file's path relative to the app, as in ./tool.deb" };
  }
  if (!/\.deb(?:[?#].*)?$/i.test(source)) {
    return {
      kind: "wrong",
      needed: /^https?:/i.test(source)
        ? "An address has to end with .deb; an archive of packages is named with :repo:"
        : "A path has to end with .deb",
    };
  }
  const [word, ...more] = words;
  if (word === undefined) return { kind: "deb", source, sha256: undefined };
  const [, digest] = /^(?:--hash=)?sha256[:=]([0-9a-fA-F]{64})$/.exec(word) ?? [];
  if (digest === undefined || more.length > 0) {
    return {
      kind: "wrong",
      needed: "After a .deb nothing but its checksum is needed: sha256: and 64 digits from 0 to f",
    };
  }
  return { kind: "deb", source, sha256: digest.toLowerCase() };
}
