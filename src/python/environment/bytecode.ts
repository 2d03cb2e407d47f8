import type { Env } from "../../cnb/env.ts";
import { capture } from "../../kit/command.ts";
import { toolEnv } from "../../kit/tool-env.ts";
import type { Interpreter } from "../interpreter.ts";
import program from "./compile-bytecode.py";

/** Compiles the modules below some directories; must run where the files will finally be. */
export async function compileBytecode(
  directories: readonly string[],
  interpreter: Interpreter,
  env: Env,
): Promise<void> {
  await capture(interpreter.path, ["-S", "-B", "-c", program], {
    // Before Python 3.11, the order of a frozenset in bytecode follows the hash seed.
    // https://bugs.python.org/issue37596
    env: toolEnv(env, { PYTHONHASHSEED: "0" }),
    input: directories.join("\n"),
  });
}
