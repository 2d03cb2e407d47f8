import { read } from "../scripts/lib/command.ts";
import type { Engine } from "../scripts/lib/engine.ts";

const PROGRAM =
  "import time; start = time.perf_counter(); import {modules}; print(time.perf_counter() - start)";

/** Seconds that the first import takes in a new container of each image, in turn. */
export async function measureImports(
  engine: Engine,
  images: readonly [string, string],
  modules: string,
  times: number,
): Promise<readonly [readonly number[], readonly number[]]> {
  const results: [number[], number[]] = [[], []];
  for (let time = 0; time < times; time += 1) {
    for (const index of [0, 1] as const) {
      const program = PROGRAM.replace("{modules}", modules);
      const command = ["run", "--rm", "--entrypoint", "python3", images[index], "-c", program];
      results[index].push(Number(await read(engine.cli, command, { env: engine.env })));
    }
  }
  return results;
}
