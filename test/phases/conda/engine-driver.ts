import { readFileSync } from "node:fs";
import { EngineFailure, runEngine } from "../../../src/conda/engine/engine.ts";
import type { Request } from "../../../src/conda/engine/protocol.ts";
import { createLog } from "../../../src/kit/log.ts";

/** Asks the engine each request of standard input, one after the other, and prints the answers. */
async function main(): Promise<void> {
  const requests = JSON.parse(readFileSync(0, "utf8")) as readonly Request[];
  const asked: unknown[] = [];
  for (const request of requests) asked.push(await ask(request));
  process.stdout.write(JSON.stringify(asked));
}

async function ask(request: Request): Promise<unknown> {
  const told: string[] = [];
  const say = (line: string): number => told.push(line);
  const log = createLog({ out: say, err: say, debug: false });
  const answer = await runEngine(request, { env: process.env, log }).catch((error: unknown) => {
    if (error instanceof EngineFailure) return { error: error.error };
    throw error;
  });
  return { answer, told };
}

void main();
