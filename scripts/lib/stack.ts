import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { prepareBaseImage, BASE_IMAGE } from "./base-image.ts";
import { findCaBundle } from "./ca-bundle.ts";
import { cleanUpLater } from "./cleanup.ts";
import { askEngine, type Engine } from "./engine.ts";
import { findImage, findLabel, removeImage } from "./images.ts";
import { log } from "./log.ts";
import { ROOT } from "./paths.ts";
import { inputsDigest } from "./stamp.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

/** The two images that a builder is made of. */
export interface Stack {
  readonly run: string;
  readonly build: string;
}

/** Builds a stack's images, unless the engine has those that its Dockerfiles would give. */
export async function prepareStack(
  engine: Engine,
  name: string,
  { fresh = false }: { readonly fresh?: boolean } = {},
): Promise<Stack> {
  const stack = { run: `ml-buildpacks/run:${name}`, build: `ml-buildpacks/build:${name}` };
  const dockerfiles = {
    run: await readFile(join(ROOT, "stacks", name, "run.Dockerfile"), "utf8"),
    build: await readFile(join(ROOT, "stacks", name, "build.Dockerfile"), "utf8"),
  };
  const baseBefore = await findImage(engine, BASE_IMAGE);
  const base = await prepareBaseImage(engine, { fresh });
  const inputs = inputsDigest({ base, dockerfiles });
  const made = await Promise.all(
    [stack.run, stack.build].map((image) => findLabel(engine, image, INPUTS)),
  );
  if (!fresh && made.every((label) => label === inputs)) return stack;

  // Always both: Debian's archive moves, and the two must have the same versions.
  log.step(`Building ${stack.run} (from stacks/${name}/run.Dockerfile)`);
  const unlabelled = `${stack.run}-unlabelled`;
  await buildImage(engine, { image: unlabelled, dockerfile: dockerfiles.run, base: BASE_IMAGE });
  await labelRunImage(engine, unlabelled, stack.run, inputs);
  await removeImage(engine, unlabelled);

  log.step(`Building ${stack.build} (from stacks/${name}/build.Dockerfile)`);
  await buildImage(engine, { image: stack.build, dockerfile: dockerfiles.build, base: stack.run });
  if (baseBefore !== undefined && baseBefore !== base) await removeImage(engine, baseBefore);
  return stack;
}

const INPUTS = "io.ml-buildpacks.inputs";

async function buildImage(
  engine: Engine,
  options: { readonly image: string; readonly dockerfile: string; readonly base: string },
): Promise<void> {
  const { image, dockerfile, base } = options;
  const context = await makeTemporaryFolder();
  await writeFile(join(context, "Dockerfile"), dockerfile);
  await provideCaBundle(join(context, "host-ca-certificates.crt"));
  const replaced = await findImage(engine, image);
  await askEngine(engine, [
    "build",
    "--no-cache",
    "--force-rm",
    // The host's own name resolution and proxies; a bridge need not have a way out.
    "--network=host",
    `--build-arg=base_image=${base}`,
    `--tag=${image}`,
    context,
  ]);
  if (replaced !== undefined) await removeImage(engine, replaced);
  await removeStages(engine);
}

async function provideCaBundle(path: string): Promise<void> {
  const bundle = findCaBundle();
  if (bundle === undefined) await writeFile(path, "");
  else await copyFile(bundle, path);
}

/** Docker's classic builder leaves the stages behind that a Dockerfile copies from. */
async function removeStages(engine: Engine): Promise<void> {
  const filters = ["--filter=dangling=true", "--filter=label=io.ml-buildpacks.stage"];
  const stages = await askEngine(engine, ["image", "ls", "--quiet", ...filters]);
  for (const stage of stages.split("\n").filter(Boolean)) await removeImage(engine, stage);
}

/**
 * Writes on the run image what only the finished image can tell. The build image stands on it, so
 * the labels are on both, and who sees both can tell whether they belong together.
 */
async function labelRunImage(
  engine: Engine,
  image: string,
  labelled: string,
  inputs: string,
): Promise<void> {
  const facts = await readFacts(engine, image);
  const labels = { [INPUTS]: inputs, ...facts };
  const replaced = await findImage(engine, labelled);
  await askEngine(
    engine,
    ["build", "--no-cache", "--force-rm", `--tag=${labelled}`]
      .concat(Object.entries(labels).map(([key, value]) => `--label=${key}=${value}`))
      .concat("-"),
    { input: `FROM ${image}\n` },
  );
  if (replaced !== undefined) await removeImage(engine, replaced);
}

async function readFacts(engine: Engine, image: string): Promise<Record<string, string>> {
  const script = `sha256sum /var/lib/dpkg/status; python3 -c 'import platform; print(platform.python_version())'`;
  const container = await askEngine(engine, ["create", image, "sh", "-c", script]);
  const remove = cleanUpLater(container, async () => {
    await askEngine(engine, ["rm", "--force", container]);
  });
  const [status = "", python = ""] = (
    await askEngine(engine, ["start", "--attach", container])
  ).split("\n");
  await remove();
  return {
    "io.ml-buildpacks.dpkg-status": `sha256:${status.split(" ")[0]}`,
    "io.ml-buildpacks.python": python,
  };
}
