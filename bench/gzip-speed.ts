import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { read } from "../scripts/lib/command.ts";
import { buildTool, readGoModule } from "../scripts/lib/go.ts";
import { TOOLS_BIN } from "../scripts/lib/paths.ts";

/** Bytes of a file that Go's gzip compresses in a second: in one thread, as the lifecycle does it. */
export async function measureGzip(file: string): Promise<number> {
  return Number(await read(await prepareGzipSpeed(), [file]));
}

/** The program, built from tools/gzip-speed where it is missing or out of date. */
async function prepareGzipSpeed(): Promise<string> {
  const module = await readGoModule("gzip-speed");
  const program = join(TOOLS_BIN, module.name);
  const source = await readFile(join(module.directory, "main.go"), "utf8");
  await buildTool(module, {
    title: module.name,
    programs: [`ml-buildpacks.io/tools/${module.name}`],
    inputs: { source },
  });
  return program;
}
