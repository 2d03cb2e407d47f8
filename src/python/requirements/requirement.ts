import type { Origin } from "../../kit/origin.ts";
import { normalizeName } from "../lock.ts";
import { specifierIssue } from "./version-specifier.ts";

/**
 * One requirement of a file, without credentials.
 *
 * - `index`: versions of an index.
 * - `url`: a wheel or an archive.
 * - `git`: `git+https://…@ref#subdirectory=…`.
 * - `path`: a directory, wheel or archive of the app, relative to its root.
 */
export interface Requirement {
  /** Normalised; absent where only the archive tells it. */
  readonly name?: string;
  readonly extras: readonly string[];
  readonly source:
    | { readonly kind: "index"; readonly specifier: string }
    | { readonly kind: "url"; readonly url: string }
    | { readonly kind: "git"; readonly url: string }
    | { readonly kind: "path"; readonly path: string; readonly fragment: string };
  readonly marker?: string;
  /** Lower-case "sha256:…", as the file gives them. */
  readonly hashes: readonly string[];
  /** "KEY=VALUE" for the build backend. */
  readonly configSettings: readonly string[];
  readonly editable: boolean;
  readonly origin: Origin;
  /** As it is quoted in messages, without credentials. */
  readonly text: string;
}

/** The parts of a requirement as PEP 508 writes it. */
export interface RequirementParts {
  readonly name: string;
  readonly extras: readonly string[];
  readonly specifier: string;
  readonly url: string | undefined;
  readonly marker: string | undefined;
}

/** Undefined where the text is not a requirement of PEP 508 at all. */
export function parseRequirementParts(
  text: string,
): RequirementParts | { issue: string } | undefined {
  const head = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*(.*)$/s.exec(
    text,
  );
  if (head === null) return undefined;
  const [, rawName = "", rawExtras, rest = ""] = head;
  const extras = (rawExtras ?? "")
    .split(",")
    .map((extra) => extra.trim())
    .filter((extra) => extra !== "");
  if (extras.some((extra) => !/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(extra)))
    return undefined;
  const name = normalizeName(rawName);

  if (rest.startsWith("@")) {
    // PEP 508 wants a blank before the ';' of a marker, since a URL may hold one.
    const [, url = "", marker] = /^@\s*(\S+?)(?:\s+;\s*(.*)|\s*;\s+(.*))?$/s.exec(rest) ?? [];
    if (url === "") return undefined;
    return {
      name,
      extras,
      specifier: "",
      url,
      marker: marker === undefined ? undefined : marker.trim(),
    };
  }

  const [versions = "", ...markers] = rest.split(";");
  const marker = markers.join(";").trim();
  if (markers.length > 0 && marker === "") {
    return {
      issue: "After ';' an environment marker is needed, for example: ; python_version < \"3.11\"",
    };
  }
  const specifier = tidy(versions);
  const issue = specifierIssue(rawName, specifier);
  if (issue === "not-a-specifier") return undefined;
  if (issue !== undefined) return { issue };
  return { name, extras, specifier, url: undefined, marker: marker === "" ? undefined : marker };
}

function tidy(versions: string): string {
  const bare = versions.trim().replace(/^\((.*)\)$/s, "$1");
  return bare
    .split(",")
    .map((part) => part.trim().replace(/^(~=|===|==|!=|<=|>=|<|>)\s*/, "$1"))
    .join(",");
}
