import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import type { Origin } from "../../kit/origin.ts";
import { withoutCredential } from "../../kit/credentials.ts";
import { hostOf } from "../../kit/text.ts";
import { parsePlacedParagraphs, type PlacedParagraph } from "../deb822.ts";

export interface LineAt {
  readonly origin: Origin;
  readonly line: string;
}

/** A key as a source names it: a path, or its text. */
export type SignedBy =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "inline"; readonly text: string };

export type ParsedSource =
  | {
      readonly kind: "source";
      readonly at: LineAt;
      /** As they are written, with credentials and `${NAME}`. */
      readonly uris: readonly string[];
      readonly suites: readonly string[];
      readonly components: readonly string[];
      readonly checksValidity: boolean;
      readonly signedBy?: SignedBy;
    }
  /** Said to be off, or for another architecture. */
  | { readonly kind: "skipped"; readonly note: string }
  | { readonly kind: "wrong"; readonly at: LineAt; readonly needed: string };

interface Fields {
  readonly types: readonly string[];
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  readonly architectures: readonly string[];
  readonly signedBy: string | undefined;
  readonly trusted: boolean;
  readonly enabled: boolean;
  readonly checksValidity: boolean;
}

interface Machine {
  readonly arch: string;
}

/**
 * The one-line form: `deb [signed-by=./keys/x.asc] https://… suite component…`.
 * https://manpages.debian.org/trixie/apt/sources.list.5.en.html
 */
export function parseSourceLine(text: string, at: LineAt, machine: Machine): ParsedSource {
  const [, type, options = "", rest = ""] = /^(\S+)\s*(?:\[([^\]]*)\])?\s*(.*)$/.exec(text) ?? [];
  const [uri, suite, ...components] = rest.split(/\s+/).filter((word) => word !== "");
  if (text.startsWith("ppa:")) {
    return wrong(at, "Ubuntu's PPAs hold packages for Ubuntu; the image is Debian's");
  }
  if (type !== "deb" && type !== "deb-src") {
    return wrong(
      at,
      "'deb', an address, a suite and components are needed\n:repo:deb [signed-by=./keys/archive.asc] https://apt.example.com/debian trixie main",
    );
  }
  if (uri === undefined || suite === undefined) {
    return wrong(at, "After the address a suite is needed, for example: trixie main");
  }
  const option = (name: string) =>
    options
      .split(/\s+/)
      .map((word) => /^([^=]+)=(.*)$/.exec(word))
      .find((match) => match?.[1]?.toLowerCase() === name)?.[2];
  return judge(
    {
      types: [type],
      uris: [uri],
      suites: [suite],
      components,
      architectures: option("arch")?.split(",") ?? [],
      signedBy: option("signed-by"),
      trusted: isYes(option("trusted")),
      enabled: true,
      checksValidity: !isNo(option("check-valid-until")),
    },
    at,
    machine,
  );
}

/** Every stanza of a .sources file. */
export function parseSources(
  text: string,
  { file }: Pick<Origin, "file">,
  machine: Machine,
): readonly ParsedSource[] {
  const lines = text.split("\n");
  return parsePlacedParagraphs(text).map((paragraph) => {
    const [stray] = paragraph.stray;
    const line = stray?.line ?? paragraph.line;
    const at = { origin: { file, line }, line: (lines[line - 1] ?? "").trim() };
    if (stray !== undefined) {
      return wrong(
        at,
        "A line 'Name: value' is needed; further lines of a value begin with a blank",
      );
    }
    return judge(fieldsOf(paragraph), at, machine);
  });
}

function fieldsOf({ fields }: PlacedParagraph): Fields {
  const words = (name: string) =>
    (fields.get(name) ?? "").split(/\s+/).filter((word) => word !== "");
  return {
    types: words("types"),
    uris: words("uris"),
    suites: words("suites"),
    components: words("components"),
    architectures: words("architectures"),
    signedBy: fields.get("signed-by"),
    trusted: isYes(fields.get("trusted")),
    enabled: !isNo(fields.get("enabled")),
    checksValidity: !isNo(fields.get("check-valid-until")),
  };
}

function judge(fields: Fields, at: LineAt, { arch }: Machine): ParsedSource {
  const { types, uris, suites, components, architectures } = fields;
  const where = `${at.origin.file}${at.origin.line === undefined ? "" : `, line ${at.origin.line}`}`;
  if (!fields.enabled)
    return { kind: "skipped", note: `Skipping the source of ${where} because it says Enabled: no` };
  if (types.length === 0 || uris.length === 0 || suites.length === 0) {
    return wrong(
      at,
      "A source needs at least these lines\nTypes: deb\nURIs: https://apt.example.com/debian\nSuites: trixie\nComponents: main\nSigned-By: ./keys/archive.asc",
    );
  }
  if (!types.includes("deb")) {
    return {
      kind: "skipped",
      note: `Skipping the source of ${where} because packages of source code are not installed`,
    };
  }
  const isOther = (name: string) => name !== arch && name !== "all";
  if (architectures.length > 0 && architectures.every(isOther)) {
    return {
      kind: "skipped",
      note: `Skipping the source of ${where} because it is for ${architectures.join(", ")}, and the image for ${arch}`,
    };
  }
  const notHttp = uris.find((uri) => !/^https?:\/\/[^/]/i.test(uri));
  if (notHttp !== undefined) {
    return wrong(at, `An address that begins with https:// or http:// is needed, not ${notHttp}`);
  }
  const [shell] =
    /\$\([^)]*\)|\$\{?\w+\}?|`[^`]*`/.exec([...suites, ...components].join(" ")) ?? [];
  if (shell !== undefined) {
    return wrong(
      at,
      `No shell reads this file; in place of ${shell} write the name, for example trixie`,
    );
  }
  const isFlat = suites.some((suite) => suite.endsWith("/"));
  if (isFlat !== (components.length === 0)) {
    return wrong(
      at,
      isFlat
        ? "A suite that ends with '/' has no components; remove them"
        : "After the suite a component is needed, for example: trixie main",
    );
  }
  if (fields.trusted) {
    return wrong(
      at,
      `An archive without a signature is not taken, since whoever is between it and the build could put anything into the image; remove 'trusted', put the archive's public key into the app, and write\n${signedLines(fields, at)}`,
    );
  }
  const source = {
    kind: "source",
    at,
    uris,
    suites,
    components,
    checksValidity: fields.checksValidity,
  } as const;
  if (fields.signedBy === undefined) {
    if (uris.every(isOfDebian)) return source;
    return wrong(
      at,
      `A source needs the public key that its packages are signed with; put it into the app, as the archive's own instructions give it, and write\n${signedLines(fields, at)}`,
    );
  }
  return { ...source, signedBy: signedByOf(fields.signedBy) } as const;
}

/** The images have the keys of Debian's own archives, and apt checks signatures with them. */
function isOfDebian(uri: string): boolean {
  return /^(?:.*\.)?debian\.org$/.test(hostOf(withoutCredential(uri)));
}

function signedByOf(value: string): SignedBy {
  if (!value.includes("-----BEGIN")) {
    // A value may name several files and fingerprints; one file is what instructions have.
    return { kind: "path", path: value.trim() };
  }
  // In a stanza the empty line of the armour is written as a dot.
  const text = value
    .split("\n")
    .map((line) => (line.trim() === "." ? "" : line.trim()))
    .join("\n");
  return { kind: "inline", text: `${text.trim()}\n` };
}

/** What to write in place of an unsigned source. */
function signedLines({ uris, suites, components, signedBy }: Fields, at: LineAt): string {
  const [uri = ""] = uris;
  const path = keyPathFor(signedBy, uri);
  if (at.origin.file.endsWith(".sources")) return `Signed-By: ${path}`;
  const prefix = at.line.startsWith(":repo:") ? ":repo:" : "";
  return [
    `${prefix}deb [signed-by=${path}]`,
    withoutCredential(uri),
    ...suites,
    ...components,
  ].join(" ");
}

function keyPathFor(signedBy: string | undefined, uri: string): string {
  const named = signedBy?.split("/").at(-1);
  if (named !== undefined && /^[\w.-]+\.(?:asc|gpg)$/.test(named)) return `./keys/${named}`;
  const host = hostOf(withoutCredential(uri)).replace(/:\d+$/, "");
  return `./keys/${host}.asc`;
}

/** A key that the images have, which instructions for Debian name. */
export function isKeyOfImage(path: string): boolean {
  return isAbsolute(path) && existsSync(path);
}

function isYes(value: string | undefined): boolean {
  return /^(?:yes|true|1|on|enable|with)$/i.test(value ?? "");
}

function isNo(value: string | undefined): boolean {
  return /^(?:no|false|0|off|disable|without)$/i.test(value ?? "");
}

function wrong(at: LineAt, needed: string): ParsedSource {
  return { kind: "wrong", at, needed };
}
