import { afterAll, inject } from "vitest";
import { CommandError } from "../../src/kit/command.ts";
import { cleanUp } from "../../scripts/lib/cleanup.ts";
import { readAll } from "../../scripts/lib/command.ts";
import { findEngine } from "../../scripts/lib/engine.ts";
import { type PackBuild, packBuild } from "../../scripts/lib/pack.ts";
import { readRemoteImage, type RemoteImage } from "../../scripts/lib/registry-client.ts";

type BuildOptions = Omit<PackBuild, "name" | "builder" | "publish"> & {
  /** In place of the tests' own, as a run image. */
  readonly builder?: string;
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
  options: BuildOptions,
): Promise<Built & { readonly image: RemoteImage }> {
  const { registry, namespace, builder, runImage } = inject("platform");
  const reference = `${registry}/${namespace}/${name}`;
  const output = await build({
    ...{ builder, runImage },
    ...options,
    name: reference,
    publish: true,
  });
  return { output, reference, image: await readRemoteImage(reference) };
}

/** Builds a folder into the engine. */
export async function buildIntoEngine(name: string, options: BuildOptions): Promise<Built> {
  const { namespace, builder } = inject("platform");
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
  return await readAll(
    engine.cli,
    ["run", "--rm", `--network=${options.network ?? "host"}`].concat(
      options.args ?? [],
      image,
      options.command ?? [],
    ),
    { env: engine.env },
  );
}

/** A build that fails unexpectedly says why in the test's report. */
async function build(options: PackBuild): Promise<string> {
  try {
    return await packBuild(await findEngine(), options);
  } catch (error) {
    if (error instanceof CommandError) error.message += `\n\n${error.output}`;
    throw error;
  }
}

// What a file has built is of no use to the next.
afterAll(cleanUp);
