import { afterAll, inject } from "vitest";
import { CommandError } from "../../src/kit/command.ts";
import { cleanUp } from "../../scripts/lib/cleanup.ts";
import { readAll } from "../../scripts/lib/command.ts";
import { findEngine } from "../../scripts/lib/engine.ts";
import { type PackBuild, packBuild } from "../../scripts/lib/pack.ts";
import { readRemoteImage, type RemoteImage } from "../../scripts/lib/registry-client.ts";
import type { Flavour } from "../../scripts/lib/stack.ts";

type BuildOptions = Omit<PackBuild, "name" | "builder" | "publish"> & {
  /** In place of the flavour's own, and then with its own run image. */
  readonly builder?: string;
  /** Whose builder and run image are used; the CPU one's, unless told otherwise. */
  readonly flavour?: Flavour;
};

interface Built {
  /** All that was printed. */
  readonly output: string;
  /** The image's whole name. */
  readonly reference: string;
}

/** Builds a folder into the tests' registry. */
export async function buildAndPublish(
  name: string,
  { flavour = "cpu", ...options }: BuildOptions,
): Promise<Built & { readonly image: RemoteImage }> {
  const { registry, namespace, flavours } = inject("platform");
  const reference = `${registry}/${namespace}/${name}`;
  const output = await build({
    // Another builder has a run image of its own.
    ...(options.builder === undefined ? flavours[flavour] : { builder: options.builder }),
    ...options,
    name: reference,
    publish: true,
  });
  return { output, reference, image: await readRemoteImage(reference) };
}

/** Builds a folder into the engine. */
export async function buildIntoEngine(
  name: string,
  { flavour = "cpu", ...options }: BuildOptions,
): Promise<Built> {
  const { namespace, flavours } = inject("platform");
  const { builder } = flavours[flavour];
  const reference = `${namespace}/${name}`;
  const output = await build({ builder, ...options, name: reference });
  return { output, reference };
}

/** Runs an image's process, or a command in place of its arguments; gives all that was printed. */
export async function runApp(
  image: string,
  options: {
    readonly args?: readonly string[];
    readonly command?: readonly string[];
    /** The host's, unless told otherwise. */
    readonly network?: string;
  } = {},
): Promise<string> {
  const engine = await findEngine();
  const place = ["run", "--rm", `--network=${options.network ?? "host"}`];
  const args = place.concat(options.args ?? [], image, options.command ?? []);
  return await withOutput(readAll(engine.cli, args, { env: engine.env }));
}

/** A lock's day is in the image, and builds that are compared may stand on both sides of midnight. */
const NOW = { SOURCE_DATE_EPOCH: String(Math.floor(Date.now() / 1000)) };

async function build(options: PackBuild): Promise<string> {
  const env = { ...NOW, ...options.env };
  return await withOutput(packBuild(await findEngine(), { ...options, env }));
}

/** A command that fails unexpectedly says why in the test's report. */
async function withOutput(command: Promise<string>): Promise<string> {
  try {
    return await command;
  } catch (error) {
    if (error instanceof CommandError) error.message += `\n\n${error.output}`;
    throw error;
  }
}

// What a file has built is of no use to the next.
afterAll(cleanUp);
