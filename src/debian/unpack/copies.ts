import { posix } from "node:path";
import { written } from "./effects.ts";
import { mergedPath, targetPath } from "./merge-usr.ts";
import type { PackageFacts } from "./scripts.ts";
import { type Call, UNKNOWN } from "./shell/evaluate.ts";

/** A file that a script puts into place: here a link to the package's own that it is made from. */
export interface Copy {
  readonly path: string;
  readonly source: string;
}

export interface Copies {
  readonly all: readonly Copy[];
  /** Whether all that a call does is among them. */
  include(call: Call): boolean;
}

/**
 * What scripts copy or link from their package's own files, such as a configuration file that ucf
 * puts into /etc: that counts although its condition is in doubt, which mostly is whether the file is
 * there already. Others must be certain.
 * https://manpages.debian.org/trixie/ucf/ucf.1.en.html
 */
export function copiesOf(calls: readonly Call[], facts: PackageFacts): Copies {
  const found = new Map(calls.map((call) => [call, readCopies(call, facts)]));
  const sources = new Map<string, Set<string>>();
  const certain = new Set<string>();
  for (const [call, copies] of found) {
    for (const { path, source } of copies) {
      sources.set(path, (sources.get(path) ?? new Set()).add(source));
      if (call.isCertain || programOf(call) === "ucf") certain.add(path);
    }
  }
  const isMade = ({ path }: Copy) => certain.has(path) && sources.get(path)?.size === 1;
  const made = [...found.values()].flat().filter(isMade);
  const known = KNOWN[facts.name] ?? [];
  const all = [...known, ...made].filter(
    ({ path, source }) => has(facts, source) && !has(facts, path),
  );
  return {
    all: [...new Map(all.map((copy) => [copy.path, copy])).values()],
    include: (call) => {
      const copies = found.get(call) ?? [];
      if (copies.length > 0) return copies.every(isMade);
      const target = mergedPath(call.words.at(-1) ?? "");
      return programOf(call) === "ucf" && known.some(({ path }) => path === target);
    },
  };
}

/** None where the call does something else as well. */
function readCopies(call: Call, facts: PackageFacts): readonly Copy[] {
  const program = programOf(call);
  const options = OPTIONS_WITH_VALUES[program];
  if (options === undefined) return [];
  const operands = operandsOf(call.words.slice(1), options);
  const [goal = "", ...sources] = operands.toReversed();
  if (goal.includes(UNKNOWN) || written(goal) === undefined || sources.length === 0) return [];
  const place = mergedPath(goal);
  const isDirectory = goal.endsWith("/") || sources.length > 1 || isOwnDirectory(facts, place);
  const copies = sources.map((named) => {
    const path = isDirectory ? posix.join(place, posix.basename(named)) : place;
    return { path, source: program === "ln" ? targetPath(path, named) : mergedPath(named) };
  });
  const areReadable = copies.every(
    ({ path, source }) =>
      has(facts, source) &&
      (!has(facts, path) || isOwnLink(facts, path, source)) &&
      (program === "ln" || !isOwnDirectory(facts, source)),
  );
  return areReadable ? copies : [];
}

function operandsOf(args: readonly string[], withValues: RegExp): readonly string[] {
  return args.filter(
    (arg, index) => !arg.startsWith("-") && !withValues.test(args[index - 1] ?? ""),
  );
}

function programOf({ words: [program = ""] }: Call): string {
  return posix.basename(program);
}

function has({ entries }: PackageFacts, wanted: string): boolean {
  return entries.some(({ path }) => path === wanted);
}

function isOwnDirectory({ entries }: PackageFacts, wanted: string): boolean {
  return entries.some(({ kind, path }) => kind === "directory" && path === wanted);
}

/** Made anew as the package has it. */
function isOwnLink({ entries }: PackageFacts, wanted: string, source: string): boolean {
  return entries.some(
    (entry) =>
      entry.kind === "link" &&
      entry.path === wanted &&
      targetPath(entry.path, entry.target) === source,
  );
}

const OPTIONS_WITH_VALUES: { readonly [program: string]: RegExp | undefined } = {
  cp: /^(-S|--suffix)$/,
  install: /^(-[gmo]|--(group|mode|owner))$/,
  ln: /^(-S|--suffix)$/,
  ucf: /^--(src-dir|sum-file|state-dir)$/,
};

/** Copies that a script makes in more than one step. */
const KNOWN: { readonly [name: string]: readonly Copy[] | undefined } = {
  // With the paper size put in, for which R has a default.
  // https://sources.debian.org/src/r-base/
  "r-base-core": [{ path: "etc/R/Renviron", source: "usr/lib/R/etc/Renviron.ucf" }],
};
