import { afterAll, inject } from "vitest";
import { cleanUp } from "../../scripts/lib/cleanup.ts";
import { readAll } from "../../scripts/lib/command.ts";
import { findEngine } from "../../scripts/lib/engine.ts";
import { type PackBuild, packBuild } from "../../scripts/lib/pack.ts";
import { readRemoteImage, type RemoteImage } from "../../scripts/lib/registry-client.ts";

type BuildOptions = Omit<PackBuild, "name" | "builder" | "publish" | "runImage">;

/** Builds a folder into the tests' registry; gives all that was printed, and the image. */
export async function buildAndPublish(
  name: string,
  options: BuildOptions,
): Promise<{ readonly output: string; readonly image: RemoteImage; readonly reference: string }> {
  const { registry, builder, runImage } = inject("platform");
  const reference = `${registry}/${name}`;
  const previous = options.previousImage;
  const output = await packBuild(await findEngine(), {
    ...options,
    name: reference,
    builder,
    runImage,
    publish: true,
    ...(previous === undefined ? {} : { previousImage: `${registry}/${previous}` }),
  });
  return { output, image: await readRemoteImage(reference), reference };
}

/** Builds a folder into the engine; gives all that was printed. */
export async function buildIntoEngine(name: string, options: BuildOptions): Promise<string> {
  const { builder } = inject("platform");
  return await packBuild(await findEngine(), { ...options, name, builder });
}

/** Runs an image's process, or a command in place of its arguments; gives all that was printed. */
export async function runApp(
  image: string,
  options: { readonly args?: readonly string[]; readonly command?: readonly string[] } = {},
): Promise<string> {
  const engine = await findEngine();
  return await readAll(
    engine.cli,
    ["run", "--rm", "--network=host"].concat(options.args ?? [], image, options.command ?? []),
    { env: engine.env },
  );
}

// What a file has built is of no use to the next.
afterAll(cleanUp);
