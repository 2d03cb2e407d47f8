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

/** What images and builder are for where the app does not say; the name of a folder under stacks/. */
export type Flavour = "cpu" | "cuda";

/** The two images that a builder is made of. */
export interface Stack {
  readonly run: string;
  readonly build: string;
}

/** Builds one stack's images, and those that they stand on. */
export async function prepareStack(engine: Engine, flavour: Flavour): Promise<Stack> {
  const base = await prepareBaseImage(engine, { fresh: false });
  const cpu = await prepareCpuStack(engine, base, { fresh: false });
  return flavour === "cpu" ? cpu : await prepareCudaStack(engine, cpu);
}

/** Builds the stacks' images, unless the engine has those that their Dockerfiles would give. */
export async function prepareStacks(
  engine: Engine,
  { fresh = false }: { readonly fresh?: boolean } = {},
): Promise<Readonly<Record<Flavour, Stack>>> {
  const baseBefore = await findImage(engine, BASE_IMAGE);
  const base = await prepareBaseImage(engine, { fresh });
  const cpu = await prepareCpuStack(engine, base, { fresh });
  const cuda = await prepareCudaStack(engine, cpu);
  if (baseBefore !== undefined && baseBefore !== base) await removeImage(engine, baseBefore);
  return { cpu, cuda };
}

async function prepareCpuStack(
  engine: Engine,
  base: string,
  { fresh }: { readonly fresh: boolean },
): Promise<Stack> {
  const stack = stackOf("cpu");
  const dockerfiles = await readDockerfiles("cpu");
  const inputs = inputsDigest({ base, dockerfiles });
  if (!fresh && (await isMadeFrom(engine, stack, inputs))) return stack;

  // Always both: Debian's archive moves, and the two must have the same versions.
  log.step(`Building ${stack.run} (from stacks/cpu/run.Dockerfile)`);
  const unlabelled = `${stack.run}-unlabelled`;
  await buildImage(engine, { image: unlabelled, dockerfile: dockerfiles.run, base: BASE_IMAGE });
  await labelRunImage(engine, unlabelled, stack.run, inputs);
  await removeImage(engine, unlabelled);

  log.step(`Building ${stack.build} (from stacks/cpu/build.Dockerfile)`);
  await buildImage(engine, { image: stack.build, dockerfile: dockerfiles.build, base: stack.run });
  return stack;
}

/** Its images stand on the CPU stack's, so that a registry and an engine have those layers once. */
async function prepareCudaStack(engine: Engine, cpu: Stack): Promise<Stack> {
  const stack = stackOf("cuda");
  const dockerfiles = await readDockerfiles("cuda");
  const base = [await findImage(engine, cpu.run), await findImage(engine, cpu.build)];
  const inputs = inputsDigest({ base, dockerfiles });
  if (await isMadeFrom(engine, stack, inputs)) return stack;

  log.step(`Building ${stack.run} and ${stack.build} (from stacks/cuda)`);
  for (const kind of ["run", "build"] as const) {
    await buildImage(engine, {
      ...{ image: stack[kind], dockerfile: dockerfiles[kind], base: cpu[kind] },
      // The CPU stack's, which they would inherit, tells of its own inputs.
      labels: { [INPUTS]: inputs },
    });
  }
  return stack;
}

function stackOf(flavour: Flavour): Stack {
  return { run: `ml-buildpacks/run:${flavour}`, build: `ml-buildpacks/build:${flavour}` };
}

async function readDockerfiles(flavour: Flavour): Promise<Readonly<Record<keyof Stack, string>>> {
  const folder = join(ROOT, "stacks", flavour);
  return {
    run: await readFile(join(folder, "run.Dockerfile"), "utf8"),
    build: await readFile(join(folder, "build.Dockerfile"), "utf8"),
  };
}

async function isMadeFrom(engine: Engine, stack: Stack, inputs: string): Promise<boolean> {
  const made = await Promise.all(
    [stack.run, stack.build].map((image) => findLabel(engine, image, INPUTS)),
  );
  return made.every((label) => label === inputs);
}

const INPUTS = "io.ml-buildpacks.inputs";

async function buildImage(
  engine: Engine,
  options: {
    readonly image: string;
    readonly dockerfile: string;
    readonly base: string;
    readonly labels?: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const { image, dockerfile, base, labels = {} } = options;
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
    ...labelArguments(labels),
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
    ["build", "--no-cache", "--force-rm", `--tag=${labelled}`, ...labelArguments(labels), "-"],
    { input: `FROM ${image}\n` },
  );
  if (replaced !== undefined) await removeImage(engine, replaced);
}

function labelArguments(labels: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(labels).map(([key, value]) => `--label=${key}=${value}`);
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
