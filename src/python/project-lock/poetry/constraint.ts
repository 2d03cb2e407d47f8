import { compare, satisfies, valid } from "@renovatebot/pep440";

/**
 * Whether a version is one that Poetry's constraint allows ("^1.2", "~1.2", "1.*", ">=1,<2 || >3").
 * What can't be read excludes nothing: Poetry itself has read it when it made the lock.
 * https://python-poetry.org/docs/dependency-specification/#version-constraints
 */
export function allows(constraint: string, version: string): boolean {
  return alternatives(constraint).some((parts) => parts.every((part) => holds(part, version)));
}

function holds(part: string, version: string): boolean {
  const [, operator, exact = ""] = /^(!=|={0,2})v?(\d[^*]*\+[^*]+)$/.exec(part) ?? [];
  // The library compares no local versions: to it, 2.9.0+cu128 is "==2.9.0+cpu".
  if (valid(exact) !== null) return (compare(version, exact) === 0) === (operator !== "!=");
  const specifier = specifierOf(part);
  return specifier === undefined || satisfies(version, specifier, { prereleases: true });
}

/** The same for `python = "…"`, where "3.11" stands for all of its releases. */
export function isForPython(constraint: string, version: string): boolean {
  const minor = version.split(".").slice(0, 2).join(".");
  return alternatives(constraint).some((parts) =>
    parts.every((part) => allows(part, /^=?=?\s*\d+\.\d+$/.test(part) ? minor : version)),
  );
}

/** `platform = "linux"`, "!=win32", "linux || darwin". */
export function allowsPlatform(constraint: string, platform: string): boolean {
  return alternatives(constraint).some((parts) =>
    parts.every((part) => {
      const [, operator = "", name = ""] = /^(==?|!=)?\s*(.*)$/.exec(part) ?? [];
      return (name === platform) === (operator !== "!=");
    }),
  );
}

/** Parts that all must hold, of which one list must. */
function alternatives(constraint: string): readonly (readonly string[])[] {
  return constraint.split(/\|\|?/).map((one) =>
    one
      // A blank follows an operator, or stands in a comma's place.
      .replaceAll(/([\^~=!<>])\s+/g, "$1")
      .split(/[\s,]+/)
      .filter((part) => part !== ""),
  );
}

/** As PEP 440 writes it; undefined for what allows everything. */
function specifierOf(part: string): string | undefined {
  const [, operator = "", version = ""] =
    /^(\^|~=|~|===?|=|!=|<>|<=|>=|<|>)?v?(.*)$/.exec(part) ?? [];
  if (/^[x*](?:\.[x*])*$/i.test(version)) return undefined;
  if (operator === "^" || operator === "~") {
    const upper = operator === "^" ? nextBreaking(version) : nextTilde(version);
    return upper === undefined ? undefined : `>=${version},<${upper}`;
  }
  const base = version.replace(/(?:\.\*)+$/, "");
  if (valid(base) === null) return undefined;
  const isWild = base !== version;
  switch (operator) {
    case "":
    case "=":
    case "==":
      return `==${base}${isWild ? ".*" : ""}`;
    case "!=":
    case "<>":
      return `!=${base}${isWild ? ".*" : ""}`;
    default:
      // Old metadata has ">=3.6.*".
      return `${operator}${base}`;
  }
}

/** The first release that "^" excludes: the next one of the leftmost number that is not 0. */
function nextBreaking(version: string): string | undefined {
  const numbers = releaseOf(version);
  if (numbers === undefined) return undefined;
  const leading = numbers.slice(0, 3).findIndex((number) => number > 0);
  return nextAt(numbers, leading < 0 ? Math.min(numbers.length, 3) - 1 : leading);
}

/** "~1" excludes 2, "~1.2" and "~1.2.3" exclude 1.3. */
function nextTilde(version: string): string | undefined {
  const numbers = releaseOf(version);
  return numbers === undefined ? undefined : nextAt(numbers, numbers.length === 1 ? 0 : 1);
}

function nextAt(numbers: readonly number[], index: number): string {
  return numbers
    .slice(0, index + 1)
    .map((number, at) => (at === index ? number + 1 : number))
    .join(".");
}

function releaseOf(version: string): readonly number[] | undefined {
  if (valid(version) === null) return undefined;
  return /^\d+(?:\.\d+)*/.exec(version)?.[0].split(".").map(Number);
}
