import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { read } from "../scripts/lib/command.ts";
import { checkGo, goBuild, readGoModule } from "../scripts/lib/go.ts";
import { log } from "../scripts/lib/log.ts";
import { TOOLS, TOOLS_BIN } from "../scripts/lib/paths.ts";
import { inputsDigest, isStamped, stamp } from "../scripts/lib/stamp.ts";

/** Bytes of a file that Go's gzip compresses in a second: in one thread, as the lifecycle does it. */
export async function measureGzip(file: string): Promise<number> {
  return Number(await read(await prepareGzipSpeed(), [file]));
}

/** The program, built from tools/gzip-speed where it is missing or out of date. */
async function prepareGzipSpeed(): Promise<string> {
  const module = await readGoModule("gzip-speed");
  const program = join(TOOLS_BIN, module.name);
  const source = await readFile(join(module.directory, "main.go"), "utf8");
  const inputs = inputsDigest({ pins: module.pins, source });
  const stampFile = join(TOOLS, "gzip-speed.stamp");
  if (await isStamped(stampFile, inputs)) return program;

  await checkGo(module);
  log.step("Building gzip-speed (from tools/gzip-speed)");
  await goBuild(module, ["."], { output: TOOLS_BIN, set: {}, env: {} });
  await stamp(stampFile, inputs);
  return program;
}
