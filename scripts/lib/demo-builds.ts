import { appendFile } from "node:fs/promises";
import { formatBytes } from "../../src/kit/text.ts";
import { CommandError } from "../../src/kit/command.ts";
import type { Engine } from "./engine.ts";
import { log } from "./log.ts";
import { packBuild } from "./pack.ts";
import { readRemoteImage, type RemoteLayer } from "./registry-client.ts";
import type { Registry } from "./registry.ts";

/** A build, and what it cost. */
export interface DemoBuild {
  readonly what: string;
  readonly seconds: number;
  /** The layers that the registry did not have before. */
  readonly pushed: readonly RemoteLayer[];
  /** How many the image has, the run image's among them. */
  readonly layers: number;
}

export interface BuildRequest {
  readonly what: string;
  readonly image: string;
  readonly path: string;
  readonly previousImage?: string;
}

interface Place {
  readonly engine: Engine;
  readonly builder: string;
  readonly registry: Registry;
  readonly runImage: string;
  readonly output: { readonly logFile: string; readonly verbose: boolean };
}

/** Gives a function that builds into the registry and weighs what each build adds to it. */
export async function demoBuilds(
  place: Place,
): Promise<(request: BuildRequest) => Promise<DemoBuild>> {
  const { layers } = await readRemoteImage(place.runImage);
  const known = new Set(layers.map(({ digest }) => digest));
  return async (request) => {
    const build = await buildAndWeigh(place, request, known);
    for (const { digest } of build.pushed) known.add(digest);
    const bytes = build.pushed.reduce((sum, { size }) => sum + size, 0);
    log.step(
      `Done (${build.what}): ${build.seconds.toFixed(1)} s, ${build.pushed.length} of ${build.layers} layers pushed, ${formatBytes(bytes)}`,
    );
    return build;
  };
}

async function buildAndWeigh(
  { engine, builder, runImage, output }: Place,
  { what, image, path, previousImage }: BuildRequest,
  known: ReadonlySet<string>,
): Promise<DemoBuild> {
  const start = process.hrtime.bigint();
  const said = await packBuild(engine, {
    ...{ name: image, path, builder, runImage, publish: true },
    ...(previousImage === undefined ? {} : { previousImage }),
  }).catch(async (error: unknown) => {
    if (error instanceof CommandError)
      await appendFile(output.logFile, `== ${what}\n${error.output}\n`);
    throw error;
  });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  await appendFile(output.logFile, `== ${what}\n${said}\n`);
  if (output.verbose) for (const line of said.split("\n")) log.output(line);

  const { layers } = await readRemoteImage(image);
  const pushed = layers.filter(({ digest }) => !known.has(digest));
  return { what, seconds, pushed, layers: layers.length };
}
