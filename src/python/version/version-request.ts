import { satisfies, validRange } from "@renovatebot/pep440";

/** The Python versions that are asked for. */
export interface VersionRequest {
  /** As it was written. */
  readonly text: string;
  /** The same as a PEP 440 specifier; empty where any version will do. */
  readonly specifier: string;
}

/** Why a text is no request. */
export type RequestIssue =
  /** None of the forms that are read. */
  | { readonly kind: "form"; readonly hint: string | undefined }
  /** Another implementation than CPython. */
  | { readonly kind: "implementation"; readonly implementation: string }
  | { readonly kind: "free-threaded" }
  | { readonly kind: "prerelease" };

export type ParsedRequest =
  | { readonly request: VersionRequest; readonly issue?: undefined }
  | { readonly request?: undefined; readonly issue: RequestIssue };

/** Reads a version as people write it for Python: "3.12", "python-3.12.4", ">=3.10,<3.13". */
export function parseVersionRequest(written: string): ParsedRequest {
  const text = written.trim();
  const specifier = specifierOf(text.toLowerCase().replace(PREFIX, ""));
  if (specifier !== undefined) return { request: { text, specifier } };
  return { issue: issueOf(text.toLowerCase()) };
}

/** `version` is "3.13.5"; a prerelease satisfies nothing. */
export function isSatisfiedBy({ specifier }: VersionRequest, version: string): boolean {
  return specifier === "" || satisfies(version, specifier);
}

// pyenv and Heroku write python-3.12.4, uv writes cpython-3.12 or cpython@3.12.
const PREFIX = /^c?python[-@]?(?=\d)/;

/** One to three numbers: "3", "3.12", "3.12.4". */
const NUMBERS = /^\d(?:\.\d+){0,2}$/;

function specifierOf(text: string): string | undefined {
  if (text === "system" || text === "*") return "";
  if (NUMBERS.test(text)) return exactly(text);
  if (/^\d+(?:\.\d+)?\.\*$/.test(text)) return `==${text}`;
  if (text.startsWith("^")) return caret(text.slice(1).trim());
  if (/^~[^=]/.test(text)) return tilde(text.slice(1).trim());
  // Packaging tools read over an empty part, too.
  const range = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .join(",");
  return range !== "" && OPERATORS.test(range) && validRange(range) ? range : undefined;
}

const OPERATORS = /^(?:~=|===?|!=|<=?|>=?)/;

function exactly(numbers: string): string {
  return numbers.split(".").length === 3 ? `==${numbers}` : `==${numbers}.*`;
}

/** "^3.11" is ">=3.11,<4": https://python-poetry.org/docs/dependency-specification/#caret-requirements */
function caret(numbers: string): string | undefined {
  if (!NUMBERS.test(numbers)) return undefined;
  const [major] = numbers.split(".");
  return `>=${numbers},<${Number(major) + 1}`;
}

/** "~3.11" and "~3.11.4" stay below 3.12: https://python-poetry.org/docs/dependency-specification/#tilde-requirements */
function tilde(numbers: string): string | undefined {
  if (!NUMBERS.test(numbers)) return undefined;
  const [major, minor] = numbers.split(".");
  const next = minor === undefined ? `${Number(major) + 1}` : `${major}.${Number(minor) + 1}`;
  return `>=${numbers},<${next}`;
}

function issueOf(text: string): RequestIssue {
  const implementation =
    /^(pypy|graalpy|graalpython|jython|ironpython|stackless|pyston|micropython|anaconda|miniconda|miniforge|mambaforge)/.exec(
      text,
    )?.[1];
  if (implementation !== undefined) return { kind: "implementation", implementation };
  const plain = text.replace(PREFIX, "");
  if (/^\d+\.\d+(?:\.\d+)?(?:t|\+freethreaded)$/.test(plain)) return { kind: "free-threaded" };
  if (/^\d+\.\d+(?:\.\d+)?(?:(?:a|b|rc)\d+|-dev)$/.test(plain)) return { kind: "prerelease" };
  return { kind: "form", hint: hintFor(plain) };
}

/** The request that was probably meant. */
function hintFor(text: string): string | undefined {
  const numbers = /^(?:v|=|==?\s*|version\s*)?["']?(\d+(?:\.\d+){0,2})(?:\.x)?["']?$/.exec(
    text,
  )?.[1];
  if (numbers === undefined) return undefined;
  const squashed = /^3(\d{1,2})$/.exec(numbers)?.[1];
  return squashed === undefined ? numbers : `3.${squashed}`;
}
