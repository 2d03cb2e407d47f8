import { read } from "../scripts/lib/command.ts";
import type { Engine } from "../scripts/lib/engine.ts";

const PROGRAM =
  "import time; start = time.perf_counter(); import {modules}; print(time.perf_counter() - start)";

/** Seconds that the first import takes in a new container of each image, ours and theirs, in turn. */
export async function measureImports(
  engine: Engine,
  images: readonly [string, string],
  modules: string,
  times: number,
): Promise<readonly [readonly number[], readonly number[]]> {
  const results: [number[], number[]] = [[], []];
  // The launcher sets where the libraries of Debian packages are; it ends before the clock starts.
  const commands = [
    ["--entrypoint=launcher", images[0], "python3"],
    ["--entrypoint=python3", images[1]],
  ];
  for (let time = 0; time < times; time += 1) {
    for (const [index, command] of commands.entries()) {
      const program = PROGRAM.replace("{modules}", modules);
      const args = ["run", "--rm", ...command, "-c", program];
      results[index]?.push(Number(await read(engine.cli, args, { env: engine.env })));
    }
  }
  return results;
}
