import { join } from "node:path";
import { readBuilderConfig } from "../scripts/lib/builder-config.ts";
import { createPassingBuilder } from "../scripts/lib/builder-image.ts";
import type { Engine } from "../scripts/lib/engine.ts";
import { ROOT } from "../scripts/lib/paths.ts";
import type { Stack } from "../scripts/lib/stack.ts";

/** The same images and lifecycle with one buildpack, of sh, that does nothing: what no buildpack can beat. */
export async function prepareEmptyBuilder(engine: Engine, stack: Stack): Promise<string> {
  const image = "ml-buildpacks-bench/empty-builder";
  const id = "ml-buildpacks-bench/empty";
  const config = await readBuilderConfig(stack);
  await createPassingBuilder(engine, image, {
    ...config,
    buildpacks: [{ id, uri: join(ROOT, "bench", "empty") }],
    order: [{ group: [{ id }] }],
  });
  return image;
}
