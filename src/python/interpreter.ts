import { type Env, readVariable } from "../cnb/env.ts";
import { exists } from "../cnb/files.ts";
import type { Log } from "../kit/log.ts";
import { recreate } from "../kit/recreate.ts";
import { text } from "../kit/text.ts";
import { HANDOVER } from "./handover.ts";

/** The interpreter that the app will run with. */
export interface Interpreter {
  readonly path: string;
  /** "3.13.5" */
  readonly version: string;
  /** "3.13": what wheels, bytecode and site-packages depend on. */
  readonly minor: string;
  readonly recreate: string | undefined;
  /** Whether packages come with it that an environment on it must see, as in a conda prefix. */
  readonly hasPackages?: boolean;
}

/** What ml-buildpacks/python or ml-buildpacks/conda has handed over; undefined where neither took part. */
export function readInterpreter(env: Env): Interpreter | undefined {
  const path = readVariable(env, HANDOVER.python);
  const version = readVariable(env, HANDOVER.pythonVersion);
  if (path === undefined || version === undefined) return undefined;
  const minor = version.split(".").slice(0, 2).join(".");
  const hasPackages = readVariable(env, HANDOVER.providedPackages) !== undefined;
  const recreateCommand = readVariable(env, HANDOVER.recreatePython);
  return {
    path,
    version,
    minor,
    recreate: recreateCommand,
    ...(hasPackages ? { hasPackages } : {}),
  };
}

/**
 * Makes sure that the interpreter can be run. Only what really runs it calls this. `env` is the
 * buildpack's whole environment. Throws a failure where that is not possible.
 */
export async function ensureInterpreter(
  interpreter: Interpreter,
  env: Env,
  log: Log,
): Promise<void> {
  if (interpreter.recreate === undefined || (await exists(interpreter.path))) return;
  const absent = {
    command: interpreter.recreate,
    what: `Python ${interpreter.version}`,
    title: "The app's Python could not be installed again",
    reason: text`
      Packages are installed with the app's own Python. Its layer is in the previous image, and its
      contents are not restored for a build.
    `,
  };
  await recreate(absent, env, log);
}
