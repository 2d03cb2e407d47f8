import type { Env } from "../../cnb/env.ts";
import { type Captured, stream } from "../../kit/command.ts";
import type { Log } from "../../kit/log.ts";

export interface ToolOptions {
  readonly log: Log;
  readonly env: Env;
  readonly cwd: string;
}

/**
 * Runs a program whose output is only of interest if it fails (it is in the error then), or when
 * debugging. Throws a CommandError.
 */
export async function runTool(
  program: string,
  args: readonly string[],
  { log, env, cwd }: ToolOptions,
): Promise<Captured> {
  const quiet = { ...log, output: (line: string) => log.debug(line) };
  // Modes of files go from sources into wheels, so the platform's umask must not show in them.
  return stream(quiet, "sh", ["-c", 'umask 022 && exec "$@"', "sh", program, ...args], {
    env,
    cwd,
  });
}
