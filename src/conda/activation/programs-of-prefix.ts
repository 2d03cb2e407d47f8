import { lstatSync } from "node:fs";
import { join, resolve } from "node:path";
import type { TracedCommand, Tracing } from "./trace.ts";

/**
 * Whether a command is a program of the prefix, or one of the system that is given such a program,
 * or another file of the prefix, which it may run or read. In doubt it is: a function that has a
 * program's name counts as that program, and so does all that a script hides by ending the trace.
 * `paths` are the values that PATH has had.
 */
export function startsProgramOf(
  prefix: string,
  { commands, shellWords }: Tracing,
  paths: readonly string[],
): boolean {
  const directories = [...new Set(paths.flatMap((path) => path.split(":")))];
  const own = directories.filter((one) => isBelow(one, prefix));
  const others = directories.filter((one) => !isBelow(one, prefix));

  const startsProgram = ([first = "", ...rest]: TracedCommand): boolean => {
    if (TRACE.test(first)) return true;
    if (ASSIGNMENT.test(first)) return false;
    if (first === "command" || first === "builtin") {
      const program = rest.findIndex((word) => !word.startsWith("-"));
      const isAsked = rest.slice(0, program).some((option) => /v/i.test(option));
      return !isAsked && program !== -1 && startsProgram(rest.slice(program));
    }
    if (shellWords.has(first)) return ENDS_TRACE.test([first, ...rest].join(" "));
    if (first.includes("/")) {
      // What it is relative to is not known.
      if (!first.startsWith("/") || isBelow(first, prefix)) return true;
    } else if (isIn(own, first)) return true;
    else if (!isIn(others, first)) return false;
    return rest.flatMap((word) => word.split(SEPARATORS)).some(isOfPrefix);
  };
  const isOfPrefix = (word: string): boolean => {
    if (!word.includes("/")) return isIn(own, word);
    const path = resolve(prefix, word);
    // Many a script asks for its own name.
    return isBelow(path, prefix) && !isBelow(path, join(prefix, "etc/conda")) && isFile(path);
  };
  return commands.some(startsProgram);
}

const ASSIGNMENT = /^\w+(?:\[.*\])?\+?=/s;

/** Variables and commands that end what `set -x` writes. */
const TRACE = /^(?:BASH_XTRACEFD|PS4)\+?=/;
const ENDS_TRACE = /^set .*(?:\+\w*x|\+o xtrace)|^shopt .*xtrace|^unset .*(?:BASH_XTRACEFD|PS4)/s;

/** Of a word that may be a program for another shell, an assignment or a list. */
const SEPARATORS = /[\s;|&()<>{}"'`$=:,]+/;

function isBelow(path: string, directory: string): boolean {
  return resolve("/", path).startsWith(`${directory}/`);
}

function isIn(directories: readonly string[], name: string): boolean {
  return name !== "" && directories.some((directory) => isFile(join(directory, name)));
}

/** A link is one, too, also where it leads nowhere. */
function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === false;
}
