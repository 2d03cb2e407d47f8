import { setTimeout } from "node:timers/promises";
import { cleanUpLater } from "../scripts/lib/cleanup.ts";
import { askEngine, askEngineIfPossible, type Engine } from "../scripts/lib/engine.ts";
import { ScriptFailure } from "../scripts/lib/failure.ts";
import { findFreePort } from "../scripts/lib/registry.ts";
import type { BenchApp } from "./apps.ts";
import type { Contender } from "./contender.ts";
import type { StartUp } from "./result.ts";

/** Measures how quickly images start, contenders in turn, each time in a new container. */
export async function measureStartUps(
  engine: Engine,
  images: ReadonlyMap<Contender, string>,
  { app, round, times }: { readonly app: BenchApp; readonly round: number; readonly times: number },
): Promise<readonly StartUp[]> {
  const startUps = [...images].map(([contender, image]): Started => {
    const result = {
      ...{ app: app.name, contender: contender.name, round },
      importSeconds: [],
      requestSeconds: [],
    };
    return { contender, image, result };
  });
  for (const { image } of startUps) await askEngine(engine, ["pull", "--quiet", image]);
  for (let time = 0; time < times; time += 1) {
    for (const { contender, image, result } of startUps) {
      result.importSeconds.push(await firstImport(engine, app, contender, image));
    }
  }
  for (let time = 0; time < times; time += 1) {
    for (const { image, result } of startUps) {
      result.requestSeconds.push(await firstAnswer(engine, image));
    }
  }
  return startUps.map(({ result }) => result);
}

interface Started {
  readonly contender: Contender;
  readonly image: string;
  readonly result: StartUp;
}

/** Inside the interpreter: its own start, and what starts it, are no concern of an image's. */
async function firstImport(
  engine: Engine,
  { modules }: BenchApp,
  contender: Contender,
  image: string,
): Promise<number> {
  const program = `import time; start = time.perf_counter(); import ${modules.join(", ")}; print(time.perf_counter() - start)`;
  const [entrypoint = "", ...rest] = contender.python;
  const place = ["run", "--rm", `--entrypoint=${entrypoint}`, image, ...rest];
  return Number(await askEngine(engine, [...place, "-c", program]));
}

/** From the command that starts the container to the first answer, in seconds. */
async function firstAnswer(engine: Engine, image: string): Promise<number> {
  const port = await findFreePort();
  const name = `ml-buildpacks-bench-${port}`;
  const stop = cleanUpLater(`the container ${name}`, async () => {
    await askEngineIfPossible(engine, ["rm", "--force", name]);
  });
  const start = performance.now();
  const place = ["--name", name, "--publish", `127.0.0.1:${port}:8080`];
  await askEngine(engine, ["run", "--detach", ...place, image]);
  const url = `http://127.0.0.1:${port}/health`;
  while (!(await answers(url))) {
    if (performance.now() - start > LONGEST_MS) {
      const logs = await askEngine(engine, ["logs", name]);
      throw new ScriptFailure(
        `${image} does not answer`,
        `It was asked at ${url}. Its log:\n${logs}`,
      );
    }
    await setTimeout(POLL_MS);
  }
  const seconds = (performance.now() - start) / 1000;
  await stop();
  return seconds;
}

const LONGEST_MS = 60_000;
const POLL_MS = 5;

async function answers(url: string): Promise<boolean> {
  return await fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}
