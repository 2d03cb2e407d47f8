import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatToml, type TomlTable } from "../../src/cnb/toml.ts";
import { CommandError } from "../../src/kit/command.ts";
import { sha256OfFile } from "../../src/kit/hash.ts";
import {
  BUILDER_FILES,
  type BuilderConfig,
  bothFlavoursConfig,
  readBuilderConfig,
} from "./builder-config.ts";
import type { PackagedBuildpack } from "./buildpackages.ts";
import { cleanUpLater } from "./cleanup.ts";
import { askEngine, type Engine } from "./engine.ts";
import { ScriptFailure } from "./failure.ts";
import { findImage, findLabel, removeImage, tagImage } from "./images.ts";
import { log } from "./log.ts";
import { runPack } from "./pack.ts";
import { ROOT, TOOLS } from "./paths.ts";
import type { Flavour, Stack } from "./stack.ts";
import { inputsDigest } from "./stamp.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

interface Parts {
  readonly stack: Stack;
  readonly buildpacks: readonly PackagedBuildpack[];
}

/** Makes the builder that a flavour's file describes, unless the engine has it; gives its name. */
export async function prepareBuilderImage(
  engine: Engine,
  flavour: Flavour,
  parts: Parts,
): Promise<string> {
  const image = builderOf(flavour);
  const config = join(ROOT, BUILDER_FILES[flavour]);
  const inputs = inputsDigest({
    config: await readFile(config, "utf8"),
    buildpacks: parts.buildpacks.map(({ name, digest }) => [name, digest]),
    lifecycle: await sha256OfFile(join(TOOLS, "lifecycle.tgz")),
    images: [await findImage(engine, parts.stack.run), await findImage(engine, parts.stack.build)],
  });
  const present = await findImage(engine, image);
  if ((await findLabel(engine, image, BUILDER_INPUTS)) === inputs) return image;

  log.step(`Creating ${image} (from ${BUILDER_FILES[flavour]})`);
  await runPack(engine, [
    ...["builder", "create", image, "--config", config, "--pull-policy", "never"],
    ...["--label", `${BUILDER_INPUTS}=${inputs}`],
  ]);
  if (present !== undefined) await removeImage(engine, present);
  return image;
}

// Not the one of the images, which the builder inherits.
const BUILDER_INPUTS = "io.ml-buildpacks.builder-inputs";

function builderOf(flavour: Flavour | "any"): string {
  return `ml-buildpacks/builder:${flavour}`;
}

/** A builder and its images, in a registry. */
export interface PublishedBuilder {
  readonly image: string;
  readonly stack: Stack;
}

/** Pushes a flavour's builder, build and run image under a prefix. */
export async function publishBuilderImage(
  engine: Engine,
  flavour: Flavour,
  stack: Stack,
  prefix: string,
): Promise<PublishedBuilder> {
  const build = await pushImage(engine, stack.build, prefix);
  const run = await pushImage(engine, stack.run, prefix);
  const image = renamed(builderOf(flavour), prefix);
  log.step(`Publishing ${image}`);
  const config = await readBuilderConfig({ build, run }, flavour);
  await createBuilder(engine, image, config, ["--publish"]);
  return { image, stack: { build, run } };
}

/**
 * Pushes the builder that serves both flavours, whose images are in the registry already; gives its
 * name. The engine gets none: pack wants to pull a builder that has extensions.
 */
export async function publishBuilderForBoth(
  engine: Engine,
  stacks: Readonly<Record<Flavour, Stack>>,
  prefix: string,
): Promise<string> {
  const image = renamed(builderOf("any"), prefix);
  log.step(`Publishing ${image}`);
  await createBuilder(engine, image, await bothFlavoursConfig(stacks), ["--publish"]);
  return image;
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

function renamed(image: string, prefix: string): string {
  return `${prefix}/${image.replace(/^.*\//, "")}`;
}
