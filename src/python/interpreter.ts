import { access } from "node:fs/promises";
import { type Env, readVariable } from "../cnb/env.ts";
import { stream } from "../kit/command.ts";
import type { Log } from "../kit/log.ts";
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
 * buildpack's whole environment: the owner of the layer runs as a phase of its own.
 */
export async function ensureInterpreter(
  interpreter: Interpreter,
  env: Env,
  log: Log,
): Promise<void> {
  if (interpreter.recreate === undefined || (await isThere(interpreter.path))) return;
  await stream(log, "sh", ["-c", interpreter.recreate], { env });
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
