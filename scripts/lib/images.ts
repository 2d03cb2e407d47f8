import { cleanUpLater } from "./cleanup.ts";
import { askEngine, askEngineIfPossible, type Engine } from "./engine.ts";

/** The image's id in the engine, or undefined where it has none of that name. */
export async function findImage(engine: Engine, name: string): Promise<string | undefined> {
  return await askEngineIfPossible(engine, ["image", "inspect", "--format", "{{.Id}}", name]);
}

/** The value of a label, or undefined where image or label is missing. */
export async function findLabel(
  engine: Engine,
  name: string,
  label: string,
): Promise<string | undefined> {
  const format = `{{index .Config.Labels ${JSON.stringify(label)}}}`;
  const value = await askEngineIfPossible(engine, ["image", "inspect", "--format", format, name]);
  // Docker prints nothing for a label that is missing, and Podman "<no value>".
  return value === "" || value === "<no value>" ? undefined : value;
}

/** Removes an image, or only its name where others still stand on it. */
export async function removeImage(engine: Engine, name: string): Promise<void> {
  await askEngineIfPossible(engine, ["image", "rm", name]);
}

/** Gives an image that is in the engine a second name. */
export async function tagImage(engine: Engine, name: string, newName: string): Promise<void> {
  await askEngine(engine, ["tag", name, newName]);
}

/**
 * Has images removed when the command ends: those that the engine has from a registry of the
 * command's own, and those of our stack that lost their name meanwhile, as each build into the
 * engine takes it from the one before.
 */
export async function forgetImagesLater(engine: Engine, registry: string): Promise<void> {
  const before = await nameless(engine);
  cleanUpLater(`what the engine has of ${registry}`, async () => {
    for (const image of await imagesOf(engine, registry)) await removeImage(engine, image);
    const after = await nameless(engine);
    for (const image of after.filter((id) => !before.includes(id))) {
      await removeImage(engine, image);
    }
  });
}

/**
 * Has the copies removed that pack makes of a run image which an extension has chosen, and forgets:
 * https://github.com/buildpacks/pack/blob/v0.40.7/pkg/client/build.go
 */
export async function forgetRunImageCopiesLater(engine: Engine): Promise<void> {
  const before = await runImageCopies(engine);
  cleanUpLater("pack's copies of the run image", async () => {
    const after = await runImageCopies(engine);
    for (const image of after.filter((name) => !before.includes(name))) {
      await removeImage(engine, image);
    }
  });
}

async function runImageCopies(engine: Engine): Promise<readonly string[]> {
  const listed = ["image", "ls", "--format", "{{.Repository}}:{{.Tag}}"];
  const images = (await askEngine(engine, listed)).split("\n");
  return images.filter((name) => name.includes("pack.local/run-image/"));
}

/** By tag and by digest: an image that was pushed keeps the latter when the former is removed. */
async function imagesOf(engine: Engine, registry: string): Promise<readonly string[]> {
  const format = "{{.Repository}}:{{.Tag}} {{.Repository}}@{{.Digest}}";
  const listed = await askEngine(engine, ["image", "ls", "--digests", "--format", format]);
  return listed
    .split(/\s+/)
    .filter((image) => image.startsWith(`${registry}/`) && !image.endsWith("<none>"));
}

async function nameless(engine: Engine): Promise<readonly string[]> {
  const filters = ["dangling=true", `label=${STACK_LABEL}`].map((filter) => `--filter=${filter}`);
  const listed = await askEngine(engine, ["image", "ls", "--quiet", "--no-trunc", ...filters]);
  return listed.split("\n").filter(Boolean);
}

const STACK_LABEL = "io.buildpacks.base.maintainer=ml-buildpacks";
