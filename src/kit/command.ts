import type { Env } from "../cnb/env.ts";
import { diskFull, isDiskFull } from "./disk-full.ts";
import type { Log } from "./log.ts";

export interface CommandOptions {
  /** The whole environment of the program: nothing is inherited. See {@link toolEnv}. */
  readonly env: Env;
  readonly cwd?: string;
  readonly input?: string;
  /** Milliseconds; no limit where absent. */
  readonly timeout?: number;
  /** Ends the program (SIGTERM) when it is aborted. */
  readonly cancelSignal?: AbortSignal;
}

/** How a program ended that did not succeed. */
export type Ended =
  | { readonly kind: "not-found" }
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "signal"; readonly signal: string }
  | { readonly kind: "timed-out"; readonly milliseconds: number };

export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly command: string;
  readonly ended: Ended;
  /** Both of its outputs, in the order in which they came. */
  readonly output: string;

  constructor(command: string, ended: Ended, output: string) {
    super(`'${command}' ${describeEnd(ended)}`);
    this.command = command;
    this.ended = ended;
    this.output = output;
  }
}

export interface Captured {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program whose output the code reads. Throws a {@link CommandError}, or that the disk is full. */
export async function capture(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<Captured> {
  const { stdout, stderr } = await execute(program, args, options);
  return { stdout, stderr };
}

/** Runs a program whose output the user sees, line by line. Throws a {@link CommandError}. */
export async function stream(
  log: Log,
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<Captured> {
  const { stdout, stderr } = await execute(program, args, options, (line) => log.output(line));
  return { stdout, stderr };
}

/**
 * Runs a program that answers on its standard output and tells the user on the other how it gets
 * on. Throws a {@link CommandError}.
 */
export async function converse(
  log: Log,
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const onLine = (line: string): void => log.output(line);
  return (await execute(program, args, options, onLine, "stderr")).stdout;
}

/** Words for the end of a program, to follow its name: "ended with exit code 2". */
export function describeEnd(ended: Ended): string {
  switch (ended.kind) {
    case "not-found":
      return "was not found";
    case "exit":
      return `ended with exit code ${ended.code}`;
    case "signal":
      return ended.signal === "SIGKILL"
        ? "was killed (SIGKILL: often the machine or the container ran out of memory)"
        : `was ended by ${ended.signal}`;
    case "timed-out":
      return `did not end within ${Math.round(ended.milliseconds / 1000)} seconds`;
  }
}

async function execute(
  program: string,
  args: readonly string[],
  { env, cwd, input, timeout, cancelSignal }: CommandOptions,
  onLine?: (line: string) => void,
  shown: "all" | "stderr" = "all",
): Promise<Captured> {
  // Loaded on first use: a build that has nothing to do runs no program.
  const { execa } = await import("execa");
  const child = execa(program, [...args], {
    env: definedOnly(env),
    extendEnv: false,
    reject: false,
    all: true,
    stripFinalNewline: false,
    ...(cwd === undefined ? {} : { cwd }),
    ...(input === undefined ? { stdin: "ignore" as const } : { input }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(cancelSignal === undefined ? {} : { cancelSignal }),
  });
  if (onLine !== undefined) {
    for await (const line of child.iterable({ from: shown })) onLine(line);
  }
  const result = await child;
  if (result.failed) {
    const output = result.all ?? "";
    if (isDiskFull(output)) throw diskFull("disk-full", { output });
    throw new CommandError([program, ...args].join(" "), endOf(result, timeout), output);
  }
  return { stdout: result.stdout ?? "", stderr: result.stderr ?? "" };
}

function endOf(
  result: {
    readonly timedOut?: boolean | undefined;
    readonly signal?: string | undefined;
    readonly exitCode?: number | undefined;
    readonly code?: string | undefined;
  },
  timeout = 0,
): Ended {
  if (result.timedOut) return { kind: "timed-out", milliseconds: timeout };
  if (result.code === "ENOENT") return { kind: "not-found" };
  if (result.signal !== undefined) return { kind: "signal", signal: result.signal };
  return { kind: "exit", code: result.exitCode ?? -1 };
}

function definedOnly(env: Env): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
