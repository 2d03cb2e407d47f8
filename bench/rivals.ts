import { existsSync } from "node:fs";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findCaBundle } from "../scripts/lib/ca-bundle.ts";
import { read } from "../scripts/lib/command.ts";
import type { Engine } from "../scripts/lib/engine.ts";
import { ScriptFailure } from "../scripts/lib/failure.ts";
import { ROOT } from "../scripts/lib/paths.ts";
import { makeTemporaryFolder } from "../scripts/lib/temporary-folder.ts";
import { buildByDockerfile, type BuildKit } from "./buildkit.ts";

/** A way of writing a Dockerfile. */
export interface Rival {
  readonly name: string;
  /** For the report: what sets it apart from the one before. */
  readonly description: string;
}

/** For apps with a requirements.txt, from the most common to the best known; then conda's. */
export const RIVALS: readonly Rival[] = [
  {
    name: "pip",
    description: "As most people write it: `pip install --no-cache-dir` before `COPY . .`",
  },
  {
    name: "pip-cache",
    description: "pip with a cache mount, and `COPY --link`",
  },
  {
    name: "uv",
    description: "uv with a cache mount and compiled bytecode; neither uv nor pip in the image",
  },
  {
    name: "torch-run",
    description: "As uv, with torch in a layer of its own below the other requirements",
  },
  {
    name: "conda",
    description: "An environment without conda in the image, with a cache mount",
  },
];

const FOLDER = join(ROOT, "bench/rivals");

/**
 * Writes the rival's Dockerfile for an app, and gives its path: the one for Debian packages where
 * the app's folder has an apt.txt, with the app's command as its last line.
 */
export async function writeDockerfile(
  rival: Rival,
  app: { readonly folder: string; readonly start: readonly string[] },
): Promise<string> {
  const variant = existsSync(join(app.folder, "apt.txt")) ? `${rival.name}-apt` : rival.name;
  const text = await readFile(join(FOLDER, `${variant}.Dockerfile`), "utf8");
  const path = join(await makeTemporaryFolder(), `${variant}.Dockerfile`);
  await writeFile(path, `${text}CMD ${JSON.stringify(app.start)}\n`);
  return path;
}

/**
 * Values of ARGs that the Dockerfile's author would write into it: the line for torch of the app's
 * requirements as they are now.
 */
export async function argsOf(rival: Rival, folder: string): Promise<Record<string, string>> {
  if (rival.name !== "torch-run") return {};
  const torch = torchIn(await readFile(join(folder, "requirements.txt"), "utf8"));
  if (torch !== undefined) return { torch };
  throw new ScriptFailure(
    "torch-run needs torch",
    `${join(folder, "requirements.txt")} has no line for torch: take 'torch-run' out of the app's rivals.`,
  );
}

/** The line for torch itself, not for torchvision. */
export function torchIn(requirements: string): string | undefined {
  return /^torch(?![\w.-])[^#\n]*/m.exec(requirements)?.[0].trim();
}

/** The images that Dockerfiles begin with, by the ARGs that name them. */
export type BaseImages = Readonly<
  Record<"base_image" | "python_image" | "uv_image" | "conda_image", string>
>;

/** Makes what others take from Docker Hub, in the registry that already has our images. */
export async function prepareBaseImages(
  engine: Engine,
  buildkit: BuildKit,
  options: {
    /** "127.0.0.1:40123" */
    readonly registry: string;
    /** Our own images there. */
    readonly stack: { readonly run: string; readonly build: string };
    /** For what the images' own Dockerfiles fetch: "http_proxy". */
    readonly buildArgs: Readonly<Record<string, string>>;
  },
): Promise<BaseImages> {
  const { registry, stack, buildArgs } = options;
  const folder = await makeTemporaryFolder();
  const bundle = findCaBundle();
  const copy = join(folder, "host-ca-certificates.crt");
  await (bundle === undefined ? writeFile(copy, "") : copyFile(bundle, copy));
  await copyFile(join(FOLDER, "base/conda.py"), join(folder, "conda.py"));
  const make = async (name: string) => {
    const image = `${registry}/ml-buildpacks-bench/${name}`;
    await buildByDockerfile(engine, buildkit, {
      ...{ image, folder, target: "registry", dockerfile: baseDockerfile(name) },
      buildArgs: { ...buildArgs, base_image: stack.run, build_image: stack.build },
    });
    return image;
  };
  return {
    base_image: stack.run,
    python_image: await make("python"),
    uv_image: await make("uv"),
    conda_image: await make("conda"),
  };
}

/** Has BuildKit pull and unpack them, as on a machine that has built from them before. */
export async function fetchBaseImages(
  { buildctl, address }: BuildKit,
  { base_image, ...others }: BaseImages,
): Promise<void> {
  const folder = await makeTemporaryFolder();
  // An image of which nothing is used would not be fetched.
  const mounts = Object.values(others).map(
    (image, index) => `--mount=from=${image},target=/mnt/${index}`,
  );
  const dockerfile = `FROM ${base_image}\nRUN ${mounts.join(" ")} true\n`;
  await writeFile(join(folder, "Dockerfile"), dockerfile);
  const locals = ["context", "dockerfile"].flatMap((name) => ["--local", `${name}=${folder}`]);
  await read(buildctl, ["--addr", address, "build", "--frontend=dockerfile.v0", ...locals]);
}

/** Changes those that app images stand on, in the registry and under their names. */
export async function patchBaseImages(
  engine: Engine,
  buildkit: BuildKit,
  { base_image, python_image }: BaseImages,
): Promise<void> {
  const folder = await makeTemporaryFolder();
  for (const image of [base_image, python_image]) {
    await buildByDockerfile(engine, buildkit, {
      ...{ image, folder, target: "registry", dockerfile: baseDockerfile("patch") },
      buildArgs: { base_image: image },
    });
  }
}

function baseDockerfile(name: string): string {
  return join(FOLDER, "base", `${name}.Dockerfile`);
}
