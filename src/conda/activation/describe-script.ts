import { relative } from "node:path";
import type { Log } from "../../kit/log.ts";
import { listed } from "../../kit/text.ts";
import type { ActivationReport } from "./prefix-variables.ts";
import type { ShellChange, SourcedScript } from "./source-scripts.ts";

/** What a script did that has no effect in the image; what it has printed is for the debug log. */
export function describeScript(
  sourced: SourcedScript,
  prefix: string,
  log: Pick<Log, "debug">,
): readonly ActivationReport[] {
  const { path, output, outcome } = sourced;
  const script = relative(prefix, path);
  const lines = linesOf(output);
  for (const line of lines) log.debug(`${script}: ${line}`);
  const last = lines.slice(-LAST_LINES).map((line) => `\n  ${line}`);
  if (outcome.kind === "ended") {
    const what = `${outcome.how}; what it had set until then is left out`;
    return [{ script, what: [what, ...last].join("") }];
  }
  const { status, shell } = outcome;
  const reports: ActivationReport[] = [];
  if (hasFailed(sourced)) {
    reports.push({ script, what: [`returned ${status}`, ...last].join("") });
  }
  const left = leftBehind(shell);
  if (left.length > 0) {
    const what = `leaves ${listed(left)} in the shell, which programs of the image do not have`;
    reports.push({ script, what });
  }
  return reports;
}

const LAST_LINES = 5;

/** A script whose last line is a test without an else returns what the test does, and says nothing. */
export function hasFailed({ output, outcome }: SourcedScript): boolean {
  if (outcome.kind === "ended") return true;
  return outcome.status !== 0 && linesOf(output).length > 0;
}

function linesOf(output: string): readonly string[] {
  return output
    .trimEnd()
    .split("\n")
    .filter((line) => line.trim() !== "");
}

/** In words: "the function activate", "the aliases ll and la". */
function leftBehind({ before, after }: ShellChange): readonly string[] {
  const known = new Set(before);
  const lines = after.filter((line) => !known.has(line));
  return KINDS.flatMap(({ singular, plural, name }) => {
    const names = lines.flatMap((line) => name.exec(line)?.[1] ?? []);
    if (names.length === 0) return [];
    return [`${names.length === 1 ? singular : plural} ${listed(names)}`];
  });
}

/** As `declare -F`, `alias -p`, `trap -p`, `set +o` and `shopt -p` print them. */
const KINDS = [
  // Those that begin with "_" are a script's own helpers, of compilers' scripts above all.
  { singular: "the function", plural: "the functions", name: /^declare -f ([^_]\S*)$/ },
  { singular: "the alias", plural: "the aliases", name: /^alias (?:-- )?([^=\s]+)=/ },
  { singular: "the trap", plural: "the traps", name: /^trap -- .* (\S+)$/ },
  { singular: "the option", plural: "the options", name: /^(?:set [-+]o|shopt -[su]) (\S+)$/ },
  { singular: "the directory", plural: "the directories", name: /^cd (.+)$/ },
];
