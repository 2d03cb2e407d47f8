import { join } from "node:path";
import type { Builder } from "../scripts/lib/builder.ts";
import { createPassingBuilder, readBuilderConfig } from "../scripts/lib/builder-image.ts";
import { ROOT } from "../scripts/lib/paths.ts";

/** The same images and lifecycle with one buildpack, of sh, that does nothing: what no buildpack can beat. */
export async function prepareEmptyBuilder(builder: Builder, runImage: string): Promise<string> {
  const image = "ml-buildpacks-bench/empty-builder";
  const id = "ml-buildpacks-bench/empty";
  const config = await readBuilderConfig({ build: builder.stack.build, run: runImage });
  await createPassingBuilder(builder.engine, image, {
    ...config,
    buildpacks: [{ id, uri: join(ROOT, "bench", "empty") }],
    order: [{ group: [{ id }] }],
  });
  return image;
}
