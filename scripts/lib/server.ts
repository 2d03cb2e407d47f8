import { spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { cleanUpLater } from "./cleanup.ts";
import { ScriptFailure } from "./failure.ts";

/** A program that serves until it is told to end. */
export interface Server {
  /** As a sentence begins with it: "BuildKit". */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly answers: () => Promise<boolean>;
  /** Removes what it has left, once it has ended. */
  readonly remove: () => Promise<void>;
}

/**
 * Starts a server and waits until it answers. It ends when the command does; gives a function that
 * ends it before.
 */
export async function startServer(server: Server): Promise<() => Promise<void>> {
  const { name, program, args, env, answers, remove } = server;
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], env });
  let output = "";
  child.stderr.on("data", (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4000);
  });
  child.on("error", (error) => (output += error.message));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = cleanUpLater(name, async () => {
    child.kill("SIGTERM");
    await ended;
    await remove();
  });
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  for (let attempt = 0; attempt < ATTEMPTS && isRunning(); attempt += 1) {
    if (await answers()) return stop;
    await setTimeout(INTERVAL_MS);
  }
  throw new ScriptFailure(`${name} did not start`, `Its last words:\n${output.trim()}`);
}

const INTERVAL_MS = 100;
// Half a minute.
const ATTEMPTS = 300;
