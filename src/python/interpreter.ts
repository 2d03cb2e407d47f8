import { type Env, readVariable } from "../cnb/env.ts";
import { ExitCode } from "../cnb/exit-code.ts";
import { exists } from "../cnb/files.ts";
import { CommandError, describeEnd, type Ended, stream } from "../kit/command.ts";
import type { Blame } from "../kit/failure.ts";
import type { Log } from "../kit/log.ts";
import { failure } from "./failures.ts";
import { HANDOVER } from "./handover.ts";

/** The interpreter that the app will run with. */
export interface Interpreter {
  readonly path: string;
  /** "3.13.5" */
  readonly version: string;
  /** "3.13": what wheels, bytecode and site-packages depend on. */
  readonly minor: string;
  readonly recreate: string | undefined;
}

/** What ml-buildpacks/python has handed over; undefined where it did not take part. */
export function readInterpreter(env: Env): Interpreter | undefined {
  const path = readVariable(env, HANDOVER.python);
  const version = readVariable(env, HANDOVER.pythonVersion);
  if (path === undefined || version === undefined) return undefined;
  const minor = version.split(".").slice(0, 2).join(".");
  return { path, version, minor, recreate: readVariable(env, HANDOVER.recreatePython) };
}

/**
 * Makes sure that the interpreter can be run. Only what really runs it calls this. `env` is the
 * buildpack's whole environment: the owner of the layer runs as a phase of its own. Throws a failure
 * where that phase fails.
 */
export async function ensureInterpreter(
  interpreter: Interpreter,
  env: Env,
  log: Log,
): Promise<void> {
  if (interpreter.recreate === undefined || (await exists(interpreter.path))) return;
  try {
    await stream(log, "sh", ["-c", interpreter.recreate], { env });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { version } = interpreter;
    const { ended } = error;
    const facts = { version, ended: describeEnd(ended), blame: blameFor(ended) };
    throw failure("interpreter-not-recreated", facts, error);
  }
}

/** The phase has found out who can mend it; what ends it from outside is not the app's. */
function blameFor(ended: Ended): Blame {
  if (ended.kind !== "exit") return "environment";
  switch (ended.code) {
    case ExitCode.app:
      return "app";
    case ExitCode.environment:
      return "environment";
    default:
      // A shell reports a program that a signal has ended as 128 and the signal's number.
      return ended.code > 128 ? "environment" : "buildpack";
  }
}
