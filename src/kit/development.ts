import { type Env, readVariable } from "../cnb/env.ts";
import { exists } from "../cnb/files.ts";
import type { Log } from "./log.ts";
import { type Absent, recreate } from "./recreate.ts";
import { text } from "./text.ts";

/**
 * What buildpacks that bring headers, libraries and tools for compilers tell those that compile, as
 * environment variables of the same build. Several may: each appends its own to the lists. The
 * search paths themselves are the usual variables, see `SEARCH_PATHS`.
 */
export const DEVELOPMENT = {
  /** Absolute paths of directories that are there when all of it is, separated by `:`. */
  directory: "ML_BUILDPACKS_DEVELOPMENT",
  /** For each directory a shell command, of one line, that makes it where it is absent. */
  recreate: "ML_BUILDPACKS_RECREATE_DEVELOPMENT",
  /** Names of further variables that its tools need, separated by blanks. */
  variables: "ML_BUILDPACKS_DEVELOPMENT_VARIABLES",
  /** What changes what is compiled with it: `name=value`, separated by blanks. */
  builtAgainst: "ML_BUILDPACKS_BUILT_AGAINST",
} as const;

/**
 * Makes sure that all of it is there, which only what really compiles needs. Gives whether something
 * was missing until now. Throws a failure where it can't be made.
 */
export async function ensureDevelopment(env: Env, log: Log): Promise<boolean> {
  const directories = (readVariable(env, DEVELOPMENT.directory) ?? "").split(":");
  const commands = (readVariable(env, DEVELOPMENT.recreate) ?? "").split("\n");
  let hasMade = false;
  for (const [at, directory] of directories.entries()) {
    const command = commands[at] ?? "";
    if (directory === "" || command === "" || (await exists(directory))) continue;
    await recreate(absent(command), env, log);
    hasMade = true;
  }
  return hasMade;
}

function absent(command: string): Absent {
  return {
    command,
    what: "the packages for compilers",
    title: "The packages for compilers could not be installed again",
    reason: text`
      What is built from source needs them. They are not in the image, and not kept between builds.
    `,
  };
}
