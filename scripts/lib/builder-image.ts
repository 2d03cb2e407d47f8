import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { formatToml, parseToml, type TomlTable } from "../../src/cnb/toml.ts";
import { CommandError } from "../../src/kit/command.ts";
import { sha256OfFile } from "../../src/kit/hash.ts";
import type { PackagedBuildpack } from "./buildpackages.ts";
import { cleanUpLater } from "./cleanup.ts";
import { askEngine, type Engine } from "./engine.ts";
import { ScriptFailure } from "./failure.ts";
import { findImage, findLabel, removeImage, tagImage } from "./images.ts";
import { log } from "./log.ts";
import { runPack } from "./pack.ts";
import { ROOT, TOOLS } from "./paths.ts";
import type { Stack } from "./stack.ts";
import { inputsDigest } from "./stamp.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

const BUILDER_IMAGE = "ml-buildpacks/builder:cpu";

interface Parts {
  readonly stack: Stack;
  readonly buildpacks: readonly PackagedBuildpack[];
}

/** Makes the builder that builder.toml describes, unless the engine has it. */
export async function prepareBuilderImage(engine: Engine, parts: Parts): Promise<string> {
  const config = join(ROOT, "builder.toml");
  const inputs = inputsDigest({
    config: await readFile(config, "utf8"),
    buildpacks: parts.buildpacks.map(({ name, digest }) => [name, digest]),
    lifecycle: await sha256OfFile(join(TOOLS, "lifecycle.tgz")),
    images: [await findImage(engine, parts.stack.run), await findImage(engine, parts.stack.build)],
  });
  const present = await findImage(engine, BUILDER_IMAGE);
  if ((await findLabel(engine, BUILDER_IMAGE, BUILDER_INPUTS)) === inputs) return BUILDER_IMAGE;

  log.step(`Creating ${BUILDER_IMAGE} (from builder.toml)`);
  await runPack(engine, [
    ...["builder", "create", BUILDER_IMAGE, "--config", config, "--pull-policy", "never"],
    ...["--label", `${BUILDER_INPUTS}=${inputs}`],
  ]);
  if (present !== undefined) await removeImage(engine, present);
  return BUILDER_IMAGE;
}

// Not the one of the images, which the builder inherits.
const BUILDER_INPUTS = "io.ml-buildpacks.builder-inputs";

/** Pushes builder, build and run image under a prefix; gives their names. */
export async function publishBuilderImage(
  engine: Engine,
  stack: Stack,
  prefix: string,
): Promise<readonly string[]> {
  const build = await pushImage(engine, stack.build, prefix);
  const run = await pushImage(engine, stack.run, prefix);
  const builder = renamed(BUILDER_IMAGE, prefix);
  log.step(`Publishing ${builder}`);
  const config = await readBuilderConfig({ build, run });
  await createBuilder(engine, builder, config, ["--publish"]);
  return [builder, build, run];
}

/** Makes a builder of another form, for tests and comparisons. It goes when the command ends. */
export async function createPassingBuilder(
  engine: Engine,
  image: string,
  config: BuilderConfig,
): Promise<void> {
  cleanUpLater(image, () => removeImage(engine, image));
  await createBuilder(engine, image, config, ["--pull-policy", "if-not-present"]);
}

async function createBuilder(
  engine: Engine,
  image: string,
  config: BuilderConfig,
  args: readonly string[],
): Promise<void> {
  const file = join(await makeTemporaryFolder(), "builder.toml");
  await writeFile(file, formatToml(config as TomlTable));
  await runPack(engine, ["builder", "create", image, "--config", file, ...args]);
}

/** Pushes an image that the engine has, under a prefix such as "127.0.0.1:40123"; gives its name there. */
export async function pushImage(engine: Engine, image: string, prefix: string): Promise<string> {
  const name = renamed(image, prefix);
  log.step(`Publishing ${name}`);
  await tagImage(engine, image, name);
  try {
    await askEngine(engine, ["push", name]);
  } catch (error) {
    if (
      !(error instanceof CommandError) ||
      !error.output.includes("HTTP response to HTTPS client")
    ) {
      throw error;
    }
    throw new ScriptFailure(
      `${name} can't be pushed`,
      "The registry speaks plain HTTP, which the engine refuses. Docker allows it for 127.0.0.0/8; Podman needs the\nregistry's address under [[registry]] with insecure = true in /etc/containers/registries.conf.",
      error,
    );
  } finally {
    await removeImage(engine, name);
  }
  return name;
}

/** The root's builder.toml with other image names, to be read from another folder. */
export async function readBuilderConfig(images: Stack): Promise<BuilderConfig> {
  const toml = parseToml(await readFile(join(ROOT, "builder.toml"), "utf8"));
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
  stack: z.looseObject({}),
});

/** A builder.toml. https://buildpacks.io/docs/reference/config/builder-config/ */
export type BuilderConfig = z.infer<typeof BuilderConfig>;

function renamed(image: string, prefix: string): string {
  return `${prefix}/${image.replace(/^.*\//, "")}`;
}
