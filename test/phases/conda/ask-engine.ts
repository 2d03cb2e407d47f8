import { build } from "esbuild";
import { join } from "node:path";
import { readAll } from "../../../scripts/lib/command.ts";
import { findEngine } from "../../../scripts/lib/engine.ts";
import { SOURCE_MODULES } from "../../../scripts/lib/source-modules.ts";
import { prepareStack } from "../../../scripts/lib/stack.ts";
import type { Request } from "../../../src/conda/engine/protocol.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

/** What the engine answers, or its error, and what it tells the user meanwhile. */
export interface Asked {
  readonly answer: unknown;
  readonly told: readonly string[];
}

/** Runs the engine in the build image, one request after the other; `folder` is there as it is here. */
export async function askEngine(
  folder: string,
  requests: readonly Request[],
  env: Readonly<Record<string, string>> = {},
): Promise<readonly Asked[]> {
  const engine = await findEngine();
  const image = (await prepareStack(engine, "cpu")).build;
  const bundle = join(await temporaryDirectory(), "driver.cjs");
  await build({
    ...{ entryPoints: [join(import.meta.dirname, "engine-driver.ts")], outfile: bundle },
    ...{ bundle: true, platform: "node", target: "node20", format: "cjs", logLevel: "warning" },
    ...SOURCE_MODULES,
  });
  const output = await readAll(
    engine.cli,
    [
      ...["run", "--rm", "--interactive", "--network=host"],
      `--user=${process.getuid?.() ?? 1000}:${process.getgid?.() ?? 1000}`,
      ...Object.entries(env).map(([name, value]) => `--env=${name}=${value}`),
      ...[`--volume=${bundle}:/driver.cjs:ro`, `--volume=${folder}:${folder}`],
      ...[image, "node", "/driver.cjs"],
    ],
    { env: engine.env, input: JSON.stringify(requests) },
  );
  return JSON.parse(output) as readonly Asked[];
}
