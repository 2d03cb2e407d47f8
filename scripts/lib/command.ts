import { capture, type CommandOptions, CommandError, stream } from "../../src/kit/command.ts";
import { interruptionSignal } from "./interruption.ts";
import { log } from "./log.ts";

type Options = Partial<CommandOptions>;

/** Runs a program, with its output shown. Inherits the environment unless one is given. */
export async function run(
  program: string,
  args: readonly string[],
  options: Options = {},
): Promise<void> {
  await stream(log, program, args, withDefaults(options));
}

/** Runs a program and returns its standard output, without the last line break. */
export async function read(
  program: string,
  args: readonly string[],
  options: Options = {},
): Promise<string> {
  const { stdout } = await capture(program, args, withDefaults(options));
  return stdout.trimEnd();
}

/** As {@link read}, or undefined where the program is absent or fails. */
export async function readIfPossible(
  program: string,
  args: readonly string[],
  options: Options = {},
): Promise<string | undefined> {
  try {
    return await read(program, args, options);
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}

/** Everything that a program prints, both outputs in the order in which they came; `onLine` gets each line at once. */
export async function readAll(
  program: string,
  args: readonly string[],
  { onLine, ...options }: Options & { readonly onLine?: (line: string) => void } = {},
): Promise<string> {
  const lines: string[] = [];
  const output = (line: string) => {
    lines.push(line);
    onLine?.(line);
  };
  await stream({ ...log, output }, program, args, withDefaults(options));
  return lines.join("\n");
}

function withDefaults(options: Options): CommandOptions {
  const cancelSignal = interruptionSignal();
  return {
    env: process.env,
    ...(cancelSignal === undefined ? {} : { cancelSignal }),
    ...options,
  };
}
