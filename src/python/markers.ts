import { nearest } from "../kit/text.ts";
import { satisfies, valid } from "@renovatebot/pep440";

/** What environment markers are evaluated against. */
export interface MarkerEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** What PEP 751 calls `extras` and `dependency_groups`. */
  readonly sets: Readonly<Record<string, readonly string[]>>;
}

/** `version` "3.13.5"; `arch` as buildpacks name it. */
export function linuxEnvironment(
  version: string,
  arch: string,
  sets: MarkerEnvironment["sets"] = {},
): MarkerEnvironment {
  return {
    variables: {
      os_name: "posix",
      sys_platform: "linux",
      platform_machine: { amd64: "x86_64", arm64: "aarch64" }[arch] ?? arch,
      platform_system: "Linux",
      platform_python_implementation: "CPython",
      implementation_name: "cpython",
      implementation_version: version,
      python_full_version: version,
      python_version: version.split(".").slice(0, 2).join("."),
      // What the build's kernel is says nothing about where the image will run.
      platform_release: "",
      platform_version: "",
      extra: "",
    },
    sets: { extras: [], dependency_groups: [], ...sets },
  };
}

export class MarkerError extends Error {
  override readonly name = "MarkerError";
}

/**
 * Evaluates an environment marker. Throws a {@link MarkerError} where it is not one.
 * https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers
 */
export function evaluateMarker(marker: string, environment: MarkerEnvironment): boolean {
  const tokens = tokenize(marker);
  let position = 0;

  const result = readOr();
  if (position < tokens.length)
    throw new MarkerError(`unexpected '${tokens[position]}' in: ${marker}`);
  return result;

  function readOr(): boolean {
    let value = readAnd();
    while (take("or")) value = readAnd() || value;
    return value;
  }

  function readAnd(): boolean {
    let value = readTerm();
    while (take("and")) value = readTerm() && value;
    return value;
  }

  function readTerm(): boolean {
    if (!take("(")) return readComparison();
    const value = readOr();
    if (!take(")")) throw new MarkerError(`')' is missing in: ${marker}`);
    return value;
  }

  function readComparison(): boolean {
    const left = readValue();
    const operator = readOperator();
    return compare(left, operator, readValue());
  }

  function readOperator(): string {
    const token = tokens[position] ?? "";
    position += 1;
    if (token === "not") {
      if (!take("in")) throw new MarkerError(`'in' is missing after 'not' in: ${marker}`);
      return "not in";
    }
    if (token === "in" || /^[<>=!~]/.test(token)) return token;
    throw new MarkerError(`a comparison is missing in: ${marker}`);
  }

  function readValue(): string | readonly string[] {
    const token = tokens[position] ?? "";
    position += 1;
    if (/^["']/.test(token)) return token.slice(1, -1);
    const value = environment.variables[token] ?? environment.sets[token];
    if (value !== undefined) return value;
    const [meant] = nearest(token, Object.keys(environment.variables), 1);
    const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
    throw new MarkerError(`'${token}' is not one of its variables${hint}`);
  }

  function take(token: string): boolean {
    if (tokens[position] !== token) return false;
    position += 1;
    return true;
  }
}

function tokenize(marker: string): readonly string[] {
  const tokens: string[] = [];
  const pattern = /\s*("[^"]*"|'[^']*'|\(|\)|===|~=|==|!=|<=|>=|<|>|[A-Za-z_][\w.]*)/y;
  const text = marker.trimEnd();
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const token = pattern.exec(text)?.[1];
    if (token === undefined)
      throw new MarkerError(`'${text.slice(at).trim()}' can't be read in: ${marker}`);
    tokens.push(OLD_NAMES[token] ?? token);
  }
  return tokens;
}

/** Names from before PEP 508, which pip still reads. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  "os.name": "os_name",
  "sys.platform": "sys_platform",
  "platform.version": "platform_version",
  "platform.machine": "platform_machine",
  "platform.python_implementation": "platform_python_implementation",
  python_implementation: "platform_python_implementation",
};

type Value = string | readonly string[];

function compare(left: Value, operator: string, right: Value): boolean {
  if (operator === "in" || operator === "not in") {
    const isIn =
      typeof right === "string" ? right.includes(String(left)) : right.includes(String(left));
    return isIn === (operator === "in");
  }
  const [a, b] = [String(left), String(right)];
  if (valid(a) !== null && (valid(b) !== null || b.endsWith(".*"))) {
    return satisfies(a, `${operator}${b}`, { prereleases: true });
  }
  switch (operator) {
    case "==":
    case "===":
      return a === b;
    case "!=":
      return a !== b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    default:
      throw new MarkerError(`'${operator}' compares versions, not '${a}' and '${b}'`);
  }
}
