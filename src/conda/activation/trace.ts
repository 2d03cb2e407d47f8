/** A simple command that a shell has run: its words without quotes. */
export type TracedCommand = readonly string[];

/** What a shell has run. */
export interface Tracing {
  readonly commands: readonly TracedCommand[];
  /** Builtins and keywords of the shell, which come before programs. */
  readonly shellWords: ReadonlySet<string>;
}

/**
 * The commands of sourced scripts in what `set -x` has written, where each begins with the mark that
 * PS4 holds. bash repeats the first character of PS4 at each level below the first, on which scripts
 * are sourced, and quotes words that need it.
 * https://www.gnu.org/software/bash/manual/html_node/Bash-Variables.html#index-PS4
 */
export function readTrace(trace: string, mark: string): readonly TracedCommand[] {
  const [, ...parts] = trace.split(new RegExp(`^(\\++)${mark} `, "m"));
  return parts.flatMap((text, at) => {
    const isOfScript = at % 2 === 1 && parts[at - 1] !== "+";
    return isOfScript ? [(text.match(WORD) ?? []).map(withoutQuotes)] : [];
  });
}

const WORD = /(?:\$'(?:[^'\\]|\\.)*'|'[^']*'|\\.|[^\s'\\])+/gs;

/** What `$'…'` writes as escapes, control characters above all, stays as it is. */
function withoutQuotes(word: string): string {
  return word.replaceAll(/\$'((?:[^'\\]|\\.)*)'|'([^']*)'|\\(.)/gs, "$1$2$3");
}
