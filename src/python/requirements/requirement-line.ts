import { basename, isAbsolute, join, normalize, relative } from "node:path";
import { evaluateMarker, linuxEnvironment, MarkerError } from "../markers.ts";
import { normalizeName } from "../lock.ts";
import { type Credential, splitCredential } from "../../kit/credentials.ts";
import { explainSecretInQuery } from "../../kit/query-secrets.ts";
import { parseOptions } from "./option-line.ts";
import type { Origin } from "../../kit/origin.ts";
import { parseRequirementParts, type Requirement } from "./requirement.ts";

export type RequirementResult =
  | {
      readonly ok: true;
      readonly requirement: Requirement;
      readonly credential: Credential | undefined;
      readonly notes: readonly string[];
    }
  /** Without `needed` it is nothing that is known; see explainWrongLine. */
  | { readonly ok: false; readonly needed: string | undefined };

interface LineOptions {
  readonly editable: boolean;
  readonly appDir: string;
  /** What relative paths are relative to, itself relative to the app. */
  readonly base: string;
}

/** One logical line that is not an option, variables already put in. */
export function parseRequirementLine(
  line: string,
  origin: Origin,
  { editable, ...paths }: LineOptions,
): RequirementResult {
  const { head, tail } = splitOptions(line);
  const options = parseOptions(tail);
  if (!options.ok) return { ok: false, needed: options.needed };

  const valuesOf = (wanted: string) =>
    options.options.filter(({ name }) => name === wanted).map(({ value }) => value);
  const hashes = valuesOf("--hash").map((hash) => hash.toLowerCase());
  const issue =
    hashes.map(hashIssue).find((found) => found !== undefined) ?? strayOption(options.options);
  if (issue !== undefined) return { ok: false, needed: issue };

  const parsed = parseHead(head);
  if ("needed" in parsed) return { ok: false, needed: parsed.needed };
  const { url, ...base } = parsed;
  const located = url === undefined ? undefined : locate(url, origin, paths);
  if (located !== undefined && "needed" in located) return { ok: false, needed: located.needed };
  const source = located?.source ?? { kind: "index" as const, specifier: parsed.specifier };
  if (editable && source.kind === "index") {
    return {
      ok: false,
      needed: `-e takes a directory or a repository (-e . or -e git+https://…), not a package of an index; remove -e`,
    };
  }
  const markerIssue = base.marker === undefined ? undefined : issueOfMarker(base.marker);
  if (markerIssue !== undefined) return { ok: false, needed: markerIssue };
  const name = base.name ?? located?.name;
  const hashesOfAll = [...hashes, ...(located?.hash === undefined ? [] : [located.hash])];
  const globals = valuesOf("--global-option");
  return {
    ok: true,
    credential: located?.credential,
    notes:
      globals.length === 0
        ? []
        : [
            `--global-option (${origin.file}, line ${origin.line}) has no effect; build backends take --config-settings`,
          ],
    requirement: {
      ...(name === undefined ? {} : { name }),
      extras: base.extras,
      source,
      ...(base.marker === undefined ? {} : { marker: base.marker }),
      hashes: hashesOfAll,
      configSettings: valuesOf("--config-settings"),
      editable,
      origin,
      text: head,
    },
  };
}

function issueOfMarker(marker: string): string | undefined {
  try {
    evaluateMarker(marker, linuxEnvironment("3.13.0", "amd64"));
    return undefined;
  } catch (error) {
    if (!(error instanceof MarkerError)) throw error;
    return `The environment marker after ';' can't be read: ${error.message}`;
  }
}

/** Options of a requirement begin at the first word that starts with '-'. */
export function splitOptions(line: string): { readonly head: string; readonly tail: string } {
  const start = /\s-(?:-[a-z]|C\b)/.exec(line)?.index;
  return start === undefined
    ? { head: line.trim(), tail: "" }
    : { head: line.slice(0, start).trim(), tail: line.slice(start).trim() };
}

function hashIssue(hash: string): string | undefined {
  const [, algorithm = "", digest = ""] = /^([a-z0-9]+):([0-9a-f]*)$/.exec(hash) ?? [];
  const length = DIGEST_LENGTHS[algorithm];
  if (length === undefined) {
    return "A hash is written as sha256:… (sha384 and sha512 are possible, too; md5 is too weak)";
  }
  return digest.length === length
    ? undefined
    : `A ${algorithm} hash has ${length} hexadecimal digits; this one has ${digest.length}`;
}

const DIGEST_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

function strayOption(options: readonly { readonly name: string }[]): string | undefined {
  const stray = options.find(({ name }) => !OF_A_REQUIREMENT.has(name));
  return stray === undefined ? undefined : `${stray.name} needs a line of its own`;
}

const OF_A_REQUIREMENT = new Set(["--hash", "--config-settings", "--global-option"]);

interface Head {
  readonly name?: string;
  readonly extras: readonly string[];
  readonly specifier: string;
  readonly url?: string;
  readonly marker?: string;
}

function parseHead(head: string): Head | { readonly needed: string | undefined } {
  if (/^[A-Za-z]:[\\/]|^\\\\|^\.{0,2}\\|^[\w.-]+\\/.test(head))
    return { needed: windowsPath(head) };
  if (/^git@[^/]+:/.test(head)) return { needed: undefined };
  if (isUrl(head) || looksLikePath(head)) return parseBareLocation(head);
  const parts = parseRequirementParts(head);
  if (parts === undefined) return { needed: undefined };
  if ("issue" in parts) return { needed: parts.issue };
  const { name, extras, specifier, url, marker } = parts;
  // "name @ lib" is a path to uv and to nobody else; "name@1.0" is a habit from npm.
  if (url !== undefined && !isUrl(url) && !url.includes("/")) return { needed: undefined };
  return {
    name,
    extras,
    specifier,
    ...(url === undefined ? {} : { url }),
    ...(marker === undefined || marker === "" ? {} : { marker }),
  };
}

function windowsPath(path: string): string {
  return /^\.{0,2}\\|^[\w.-]+\\/.test(path) && !path.startsWith("\\\\")
    ? `Write paths with forward slashes: ${path.replaceAll("\\", "/")}`
    : "This is a path of a Windows machine; copy the package into the app and name it relative to its root, or name it with a version";
}

function isUrl(text: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|file:|git\+)/i.test(text);
}

function looksLikePath(text: string): boolean {
  const start = text.split(/[\s;@]/)[0] ?? "";
  return /^\.{1,2}(?:\/|\[|$)/.test(start) || start.includes("/") || isArchive(start);
}

export function isArchive(path: string): boolean {
  return /\.(?:whl|zip|tar\.gz|tgz|tar\.bz2|tbz|tar\.xz|txz|tar)$/i.test(path);
}

/** "./lib[extra] ; marker" and "git+https://…#egg=name[extra]". */
function parseBareLocation(head: string): Head {
  const [, location = head, marker] = /^(\S+?)(?:\s+;\s*(.*)|\s*;\s+(.*))?$/s.exec(head) ?? [];
  const [, path = location, extras = ""] = /^(.*?)\[([^\]]*)\]$/s.exec(location) ?? [];
  const egg = /[#&]egg=([^&[]*)(?:\[([^\]]*)\])?/.exec(location);
  const name =
    egg?.[1] === undefined || egg[1] === ""
      ? nameOfWheel(path)
      : normalizeName(egg[1].replace(/-\d.*$/, ""));
  return {
    ...(name === undefined ? {} : { name }),
    extras: (egg?.[2] ?? extras)
      .split(",")
      .map((extra) => extra.trim())
      .filter((extra) => extra !== ""),
    specifier: "",
    url: egg === null ? path : location.replace(/\[[^\]]*\]$/, ""),
    ...(marker === undefined ? {} : { marker: marker.trim() }),
  };
}

function nameOfWheel(path: string): string | undefined {
  const file = basename(path.split(/[?#]/)[0] ?? "");
  const [, name] = /^([A-Za-z0-9_.]+)-[^-]+(?:-[^-]+)?-[^-]+-[^-]+-[^-]+\.whl$/.exec(file) ?? [];
  return name === undefined ? undefined : normalizeName(name);
}

type Located =
  | {
      readonly source: Requirement["source"];
      readonly credential: Credential | undefined;
      readonly hash: string | undefined;
      readonly name: string | undefined;
    }
  | { readonly needed: string };

type Paths = Omit<LineOptions, "editable">;

/** Where a URL or path points, without its credential and without what only pip needs. */
function locate(text: string, origin: Origin, paths: Paths): Located {
  const [address, fragment] = splitOnce(text, "#");
  const { hash, subdirectory } = readFragment(fragment);
  const suffix = subdirectory === undefined ? "" : `#subdirectory=${subdirectory}`;

  if (/^(?:hg|svn|bzr)\+/i.test(address)) {
    return {
      needed: `Of version control systems only git is supported, not ${address.split("+")[0]}`,
    };
  }
  if (address.startsWith("git+git@"))
    return {
      needed: `Write the repository as a URL: git+https://${address.slice("git+git@".length).replace(":", "/")}`,
    };
  if (/^git(?::|\+git:)\/\//i.test(address)) {
    return {
      needed: `git:// is neither encrypted nor offered by most hosts today; write git+https://${address.replace(/^.*?:\/\//, "")}`,
    };
  }
  const secret = explainSecretInQuery(address);
  if (secret !== undefined) return { needed: secret };
  if (/^git\+/i.test(address)) {
    const { url, credential } = splitCredential(address, origin);
    return { source: { kind: "git", url: url + suffix }, credential, hash, name: undefined };
  }
  if (/^(?:https?):\/\//i.test(address)) {
    if (
      /\.git(?:@[^/]*)?$/.test(address) ||
      /^https:\/\/github\.com\/[^/]+\/[^/]+\/?$/.test(address)
    ) {
      return { needed: `A repository's URL begins with git+: git+${address}` };
    }
    const { url, credential } = splitCredential(address, origin);
    return { source: { kind: "url", url: url + suffix }, credential, hash, name: undefined };
  }
  if (/^ssh:\/\//i.test(address))
    return { needed: `A repository's URL begins with git+: git+${address}` };
  if (/^file:/i.test(address)) return locateFile(address, suffix, hash, paths);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) {
    return {
      needed: `URLs begin with https://, git+https:// or git+ssh://, not with ${address.split(":")[0]}:`,
    };
  }
  return locatePath(address, suffix, hash, paths);
}

function locateFile(
  address: string,
  suffix: string,
  hash: string | undefined,
  paths: Paths,
): Located {
  const path = decodeURIComponent(
    address.replace(/^file:(?:\/\/(?:localhost)?(?=\/))?/i, "").replace(/^\/\//, ""),
  );
  if (/^\/?[A-Za-z]:[\\/]|^\/?[A-Za-z]%3A/i.test(path)) {
    return {
      needed:
        "This is a path of a Windows machine, which 'pip freeze' wrote; name the package with a version in its place",
    };
  }
  if (
    /\/(?:croot|feedstock_root|conda-bld|work\/ci_py|bld\/rattler|home\/conda)(?:\/|$)|^\/(?:croot|tmp\/build|opt\/conda|work\/perseverance)/.test(
      path,
    )
  ) {
    return {
      needed:
        "Conda built this package on a machine of its own; name it with a version in its place ('pip list --format=freeze' writes such lines)",
    };
  }
  return locatePath(path, suffix, hash, paths);
}

function locatePath(
  path: string,
  suffix: string,
  hash: string | undefined,
  { appDir, base }: Paths,
): Located {
  const inside = isAbsolute(path) ? relative(appDir, path) : normalize(join(base, path));
  if (inside === ".." || inside.startsWith("../")) {
    return {
      needed: isAbsolute(path)
        ? `${path} is a path of another machine; the build sees only the app. Copy the package into the app and name it relative to its root, or name it with a version`
        : `${path} is outside of the app, which is all that the build sees; copy the package into the app`,
    };
  }
  const tidy = inside.replace(/\/$/, "");
  return {
    source: { kind: "path", path: tidy === "" ? "." : tidy, fragment: suffix },
    credential: undefined,
    hash,
    name: undefined,
  };
}

function readFragment(fragment: string): { hash?: string; subdirectory?: string } {
  const result: { hash?: string; subdirectory?: string } = {};
  for (const part of fragment.split("&")) {
    const [key, value] = splitOnce(part, "=");
    if (key === "subdirectory" && value !== "") result.subdirectory = value;
    if (/^sha(?:256|384|512)$/.test(key)) result.hash = `${key}:${value.toLowerCase()}`;
  }
  return result;
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}
