import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findCaBundle } from "../scripts/lib/ca-bundle.ts";
import { cleanUpLater } from "../scripts/lib/cleanup.ts";
import { read, readIfPossible } from "../scripts/lib/command.ts";
import type { Engine } from "../scripts/lib/engine.ts";
import { ScriptFailure } from "../scripts/lib/failure.ts";
import { removeImage } from "../scripts/lib/images.ts";
import { ROOT } from "../scripts/lib/paths.ts";
import { findOnPath } from "../scripts/lib/programs.ts";
import { makeTemporaryFolder } from "../scripts/lib/temporary-folder.ts";

/** What people would use instead: a Dockerfile, built by BuildKit and pushed. */
export interface Rival {
  /** The client, and whose BuildKit it is, for the output. */
  readonly description: string;
  readonly docker: (args: readonly string[]) => Promise<string>;
  readonly pythonImage: string;
}

export async function prepareRival(engine: Engine, runImage: string): Promise<Rival> {
  const { cli, description } = await findBuildKit(engine);
  const env = { ...engine.env, DOCKER_BUILDKIT: "1" };
  const docker = (args: readonly string[]) => read(cli, args, { env });
  const pythonImage = "ml-buildpacks-bench/python:3.13";
  const context = await makeTemporaryFolder();
  await copyFile(join(ROOT, "bench/rivals/python.Dockerfile"), join(context, "Dockerfile"));
  const bundle = findCaBundle();
  const copy = join(context, "host-ca-certificates.crt");
  await (bundle === undefined ? writeFile(copy, "") : copyFile(bundle, copy));
  cleanUpLater(pythonImage, () => removeImage(engine, pythonImage));
  await docker([
    ...["build", "--network=host", `--build-arg=base_image=${runImage}`],
    ...["--tag", pythonImage, context],
  ]);
  return { description, docker, pythonImage };
}

/** Builds a folder by the Dockerfile and pushes it under the image's name. */
export async function buildByDockerfile(
  { docker, pythonImage }: Rival,
  options: {
    readonly image: string;
    readonly folder: string;
    readonly dockerfile: string;
    /** Nothing is taken from the local build cache. */
    readonly cold?: boolean;
    /** On a machine without local state, what most CI does: the last image is the cache. */
    readonly cacheFrom?: string;
  },
): Promise<void> {
  await docker([
    ...["build", "--network=host", `--build-arg=python_image=${pythonImage}`],
    ...["--build-arg=BUILDKIT_INLINE_CACHE=1"],
    ...(options.cold === true ? ["--no-cache"] : []),
    ...(options.cacheFrom === undefined ? [] : [`--cache-from=${options.cacheFrom}`]),
    ...["--file", options.dockerfile],
    ...["--tag", options.image, options.folder],
  ]);
  await docker(["push", "--quiet", options.image]);
}

/** The first client that can use BuildKit: with the buildx plugin, or with a BuildKit of its own. */
async function findBuildKit(engine: Engine): Promise<{ cli: string; description: string }> {
  const env = { ...engine.env, DOCKER_BUILDKIT: "1" };
  for (const cli of findOnPath("docker")) {
    const buildx = await readIfPossible(cli, ["buildx", "version"], { env });
    const client =
      (await readIfPossible(cli, ["version", "--format", "{{.Client.Version}}"], { env })) ?? "";
    if (buildx !== undefined && buildx !== "") return { cli, description: buildx };
    // Docker's own client had BuildKit built in until 22.
    const major = Number(client.split(".")[0]);
    if (major >= 19 && major < 23) return { cli, description: `BuildKit of Docker ${client}` };
  }
  throw new ScriptFailure(
    "No client with BuildKit was found",
    "The rival needs 'docker buildx', or Docker's client of 19.03 to 20.10 (Debian: docker.io).",
  );
}
