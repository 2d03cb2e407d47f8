import { listed, nearest } from "../../kit/text.ts";
import { problemAt, type SourceText } from "./source-text.ts";
import type { Problem } from "../../kit/wrong-lines.ts";

/** Whether a condition of a platform holds, or why it can't be told. */
export type Verdict = { readonly holds: boolean } | { readonly needed: string };

/**
 * Lines with `# [win]` at their end count for such platforms alone. Those for others are emptied,
 * so that all others keep their number.
 * https://github.com/conda/ceps/blob/main/cep-0024.md#comment-based-selectors
 */
export function applySelectors(
  source: SourceText,
  subdir: string,
): { readonly source: SourceText; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const lines = source.lines.map((line, index) => {
    const [, expression] = /^\s*[^\s#].*?\s#\s*\[([^[\]]+)\]/.exec(line) ?? [];
    if (expression === undefined || !isCondition(expression)) return line;
    const verdict = evaluateSelector(expression, subdir);
    if ("holds" in verdict) return verdict.holds ? line : "";
    problems.push(problemAt(source, index + 1, verdict.needed));
    return line;
  });
  return { source: { ...source, lines }, problems };
}

/** `linux and not aarch64`, `(osx or win)`. */
export function evaluateSelector(expression: string, subdir: string): Verdict {
  const words = expression.match(/[()]|[^\s()]+/g) ?? [];
  const unknown = words.find((word) => !OPERATORS.has(word) && !NAMES.has(word));
  if (unknown !== undefined) {
    const meant = OTHER_NAMES[unknown.toLowerCase()];
    const near = meant === undefined ? nearest(unknown, NAMES, 2) : [meant];
    return {
      needed:
        near.length > 0
          ? `No platform is named ${unknown}; did you mean ${listed(near, "or")}?`
          : `Only names of platforms decide here, such as linux, aarch64 and win, not ${unknown}`,
    };
  }
  const reader = new Reader(words, namesOf(subdir));
  const holds = reader.either();
  return holds === undefined || !reader.isAtEnd
    ? {
        needed: `Names of platforms with 'and', 'or', 'not' and brackets are needed, not [${expression}]`,
      }
    : { holds };
}

/** A remark in brackets, as in `# [see the handbook]`, is none. */
function isCondition(expression: string): boolean {
  const words = expression.match(/[A-Za-z_]\w*/g) ?? [];
  const [word = ""] = words;
  const isMisspelt = word in OTHER_NAMES || nearest(word, NAMES, 1).length > 0;
  return (
    words.some((one) => NAMES.has(one) || OF_RECIPES.test(one)) ||
    (words.length === 1 && isMisspelt)
  );
}

const OTHER_NAMES: Readonly<Record<string, string>> = {
  windows: "win",
  macos: "osx",
  mac: "osx",
  darwin: "osx",
  amd64: "x86_64",
};

/** What decides in recipes of conda-build, and not here. */
const OF_RECIPES = /^(?:py|py\d+k?|np|build_platform|target_platform|cuda_compiler\w*)$/;

const OPERATORS: ReadonlySet<string> = new Set(["and", "or", "not", "(", ")"]);

/**
 * https://docs.conda.io/projects/conda-build/en/25.1.x/resources/define-metadata.html#preprocessing-selectors
 * with osx64 of CEP 24, and x64, which that uses.
 */
const NAMES: ReadonlySet<string> = new Set([
  ...["linux", "osx", "win", "unix", "emscripten", "wasi", "freebsd"],
  ...["linux32", "linux64", "osx64", "win32", "win64"],
  ...["x86", "x86_64", "x64", "aarch64", "arm64", "armv6l", "armv7l", "ppc64le", "s390x"],
]);

/** "arm64" is what Apple and Microsoft call it: conda-build does not take it for linux-aarch64. */
function namesOf(subdir: string): ReadonlySet<string> {
  const arch = subdir === "linux-64" ? ["linux64", "x86", "x86_64", "x64"] : [subdir.slice(6)];
  return new Set(["linux", "unix", ...arch]);
}

/** `or` binds less than `and`, and that less than `not`. */
class Reader {
  readonly #words: string[];
  readonly #true: ReadonlySet<string>;

  constructor(words: readonly string[], holding: ReadonlySet<string>) {
    this.#words = [...words];
    this.#true = holding;
  }

  get isAtEnd(): boolean {
    return this.#words.length === 0;
  }

  either(): boolean | undefined {
    let result = this.#both();
    while (result !== undefined && this.#take("or")) {
      const right = this.#both();
      result = right === undefined ? undefined : result || right;
    }
    return result;
  }

  #both(): boolean | undefined {
    let result = this.#one();
    while (result !== undefined && this.#take("and")) {
      const right = this.#one();
      result = right === undefined ? undefined : result && right;
    }
    return result;
  }

  #one(): boolean | undefined {
    if (this.#take("not")) {
      const operand = this.#one();
      return operand === undefined ? undefined : !operand;
    }
    if (this.#take("(")) {
      const inner = this.either();
      return this.#take(")") ? inner : undefined;
    }
    const word = this.#words.shift();
    return word === undefined || OPERATORS.has(word) ? undefined : this.#true.has(word);
  }

  #take(word: string): boolean {
    if (this.#words[0] !== word) return false;
    this.#words.shift();
    return true;
  }
}
