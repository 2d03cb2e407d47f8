import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { parseToml } from "../../src/cnb/toml.ts";
import { ROOT } from "./paths.ts";
import type { Flavour, Stack } from "./stack.ts";

/** The description of a flavour's builder, at the root of the repository. */
export const BUILDER_FILES = {
  cpu: "builder.toml",
  cuda: "builder.cuda.toml",
} as const satisfies Readonly<Record<Flavour, string>>;

/** A root's builder.toml with other image names, to be read from another folder. */
export async function readBuilderConfig(
  images: Stack,
  flavour: Flavour = "cpu",
): Promise<BuilderConfig> {
  const toml = parseToml(await readFile(join(ROOT, BUILDER_FILES[flavour]), "utf8"));
  const config = BuilderConfig.parse(toml);
  return {
    ...config,
    buildpacks: config.buildpacks.map((entry) => ({ ...entry, uri: join(ROOT, entry.uri) })),
    lifecycle: { uri: join(ROOT, config.lifecycle.uri) },
    build: { image: images.build },
    run: { images: [{ image: images.run }] },
    stack: { ...config.stack, "build-image": images.build, "run-image": images.run },
  };
}

// What is rewritten; the rest passes through.
const BuilderConfig = z.looseObject({
  buildpacks: z.array(z.looseObject({ id: z.string(), uri: z.string() })),
  order: z.array(z.object({ group: z.array(z.looseObject({ id: z.string() })) })),
  lifecycle: z.object({ uri: z.string() }),
  stack: z.optional(z.looseObject({})),
});

/** A builder.toml. https://buildpacks.io/docs/reference/config/builder-config/ */
export type BuilderConfig = z.infer<typeof BuilderConfig>;

/**
 * The builder for both flavours: the CPU one, whose extension puts an app on the CUDA run image
 * where hardware.txt asks for it.
 */
export async function bothFlavoursConfig(stacks: Readonly<Record<Flavour, Stack>>) {
  // pack wants every run image to have the id of [stack], and only platforms that know no
  // extensions need that table.
  const { stack: _, ...config } = await readBuilderConfig(stacks.cpu);
  const extension = { id: "ml-buildpacks/run-image" };
  return {
    ...config,
    build: {
      image: stacks.cpu.build,
      env: [{ name: "BP_CUDA_RUN_IMAGE", value: stacks.cuda.run }],
    },
    // The first is what an app gets that the extension leaves alone.
    run: { images: [{ image: stacks.cpu.run }, { image: stacks.cuda.run }] },
    extensions: [{ ...extension, uri: join(ROOT, "extensions", "run-image") }],
    "order-extensions": [{ group: [extension] }],
  } satisfies BuilderConfig;
}

/**
 * The text of builder.cuda.toml, made from builder.toml's: the same buildpacks in the same order, on
 * the CUDA stack's images.
 */
export function cudaBuilderToml(builderToml: string): string {
  return REPLACEMENTS.reduce((text, [found, replacement]) => {
    if (!text.includes(found)) throw new Error(`builder.toml has no '${found}' any more`);
    return text.replaceAll(found, replacement);
  }, builderToml);
}

const REPLACEMENTS = [
  [
    "# The builder: images, buildpacks and the order in which they are tried. `npm run builder` makes it.\n",
    "# The builder for NVIDIA's GPUs. `npm run docs` makes this file from builder.toml, and `npm run builder` the builder.\n",
  ],
  ["into a container image", "into a container image for NVIDIA's GPUs"],
  ["stacks/cpu", "stacks/cuda"],
  ["io.ml-buildpacks.stacks.debian13", "io.ml-buildpacks.stacks.debian13.cuda"],
  ["ml-buildpacks/build:cpu", "ml-buildpacks/build:cuda"],
  ["ml-buildpacks/run:cpu", "ml-buildpacks/run:cuda"],
] as const;
