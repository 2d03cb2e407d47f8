import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import type { Env } from "../../cnb/env.ts";
import { CommandError, converse, type Ended } from "../../kit/command.ts";
import { diskFull, isDiskFull } from "../../kit/disk-full.ts";
import type { Log } from "../../kit/log.ts";
import { toolEnv } from "../../kit/tool-env.ts";
import program from "./engine.py";
import { answerSchemas, type EngineError, errorSchema, type Request } from "./protocol.ts";

export interface EngineOptions {
  readonly env: Env;
  readonly log: Log;
}

type Command = Request["command"];
type RequestOf<C extends Command> = Extract<Request, { readonly command: C }>;
type AnswerOf<C extends Command> = z.infer<(typeof answerSchemas)[C]>;

/** The engine's answer that something could not be done. */
export class EngineFailure extends Error {
  override readonly name = "EngineFailure";
  readonly error: EngineError;

  constructor(error: EngineError) {
    super(error.message);
    this.error = error;
  }
}

/** The build image is one without the engine. */
export class EngineMissing extends Error {
  override readonly name = "EngineMissing";

  constructor() {
    super(`The build image has no py-rattler at ${ENGINE}`);
  }
}

/** The engine's process has ended without an answer. */
export class EngineEnded extends Error {
  override readonly name = "EngineEnded";
  readonly ended: Ended;
  /** All that it has printed. */
  readonly output: string;

  constructor({ message, ended, output }: CommandError) {
    super(message);
    this.ended = ended;
    this.output = output;
  }
}

/** py-rattler in the build image; stacks/cpu/build.Dockerfile puts it there. */
const ENGINE = "/usr/share/ml-buildpacks/conda-engine";

/**
 * Throws an {@link EngineFailure}, an {@link EngineMissing}, an {@link EngineEnded}, or that the disk
 * is full.
 */
export async function runEngine<C extends Command>(
  request: RequestOf<C>,
  { env, log }: EngineOptions,
): Promise<AnswerOf<C>> {
  if (!existsSync(ENGINE)) throw new EngineMissing();
  const output = await runProgram(request, { env, log });
  const answer: unknown = JSON.parse(output);
  const failed = errorSchema.safeParse(answer);
  if (failed.success) throw failureOf(failed.data.error);
  return answerSchemas[request.command].parse(answer) as AnswerOf<C>;
}

async function runProgram(request: Request, { env, log }: EngineOptions): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "conda-engine-"));
  const file = join(directory, "engine.py");
  try {
    // Arguments are shown by whatever lists processes, and this would be 20 kB of them.
    await writeFile(file, program);
    return await converse(log, "/usr/bin/python3", ["-I", file, ENGINE], {
      // Credentials and settings that a home directory may hold are not for here.
      env: toolEnv(env, { HOME: "cache" in request ? request.cache : "/nonexistent" }),
      input: JSON.stringify(request),
    });
  } catch (error) {
    throw error instanceof CommandError ? new EngineEnded(error) : error;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function failureOf(error: EngineError): Error {
  if (isDiskFull(error.message)) return diskFull("disk-full", { output: error.message });
  return new EngineFailure(error);
}
