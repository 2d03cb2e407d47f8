import { type Env, readVariable } from "../cnb/env.ts";
import { exists } from "../cnb/files.ts";
import type { Log } from "./log.ts";
import { recreate } from "./recreate.ts";
import { text } from "./text.ts";

/**
 * What a buildpack that brings headers, libraries and tools for compilers tells those that compile,
 * as environment variables of the same build. The search paths themselves are the usual variables,
 * see `SEARCH_PATHS`.
 */
export const DEVELOPMENT = {
  /** Absolute path of the directory that holds them, which may be absent. */
  directory: "ML_BUILDPACKS_DEVELOPMENT",
  /** A shell command that makes the directory where it is absent. */
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
  const directory = readVariable(env, DEVELOPMENT.directory);
  const command = readVariable(env, DEVELOPMENT.recreate);
  if (directory === undefined || command === undefined || (await exists(directory))) return false;
  const absent = {
    command,
    what: "the packages for compilers",
    title: "The packages for compilers could not be installed again",
    reason: text`
      What is built from source needs them. They are not in the image, and not kept between builds.
    `,
  };
  await recreate(absent, env, log);
  return true;
}
