import { readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { read, readIfPossible } from "../scripts/lib/command.ts";
import type { Engine } from "../scripts/lib/engine.ts";
import { ScriptFailure } from "../scripts/lib/failure.ts";
import { buildTool, readGoModule, requiredVersion } from "../scripts/lib/go.ts";
import { interruptionSignal } from "../scripts/lib/interruption.ts";
import { log } from "../scripts/lib/log.ts";
import { TOOLS_BIN } from "../scripts/lib/paths.ts";
import { isOnPath } from "../scripts/lib/programs.ts";
import { startServer } from "../scripts/lib/server.ts";
import { makeTemporaryFolder } from "../scripts/lib/temporary-folder.ts";
import { formatToml } from "../src/cnb/toml.ts";
import { CommandError, stream } from "../src/kit/command.ts";
import type { PhaseTime } from "./result.ts";
import { phasesOf, textOf } from "./buildkit-progress.ts";

/** A BuildKit of our own that answers. Nothing is in it that was there before the command began. */
export interface BuildKit {
  readonly buildctl: string;
  readonly address: string;
  /** Ends it before the command does, and removes all that it has. */
  readonly stop: () => Promise<void>;
}

/** BuildKit's daemon and client, built from tools/buildkit where they are missing or out of date. */
async function prepareBuildKit(): Promise<{
  readonly buildkitd: string;
  readonly buildctl: string;
}> {
  const module = await readGoModule("buildkit");
  const version = requiredVersion(module, "github.com/moby/buildkit");
  await buildTool(module, {
    title: `BuildKit ${version}`,
    programs: ["buildkitd", "buildctl"].map((program) => `github.com/moby/buildkit/cmd/${program}`),
    set: { "github.com/moby/buildkit/version.Version": `v${version}` },
    // As its releases are: https://github.com/moby/buildkit/blob/v0.33.1/Dockerfile
    toolchain: `go${module.goVersion}`,
  });
  return { buildkitd: join(TOOLS_BIN, "buildkitd"), buildctl: join(TOOLS_BIN, "buildctl") };
}

/** Starts BuildKit with an empty store. Both are gone when the command ends. */
export async function startBuildKit(): Promise<BuildKit> {
  checkRuntime();
  const { buildkitd, buildctl } = await prepareBuildKit();
  const folder = await makeTemporaryFolder();
  const root = join(folder, "root");
  const address = `unix://${join(folder, "buildkitd.sock")}`;
  const configuration = join(folder, "buildkitd.toml");
  await writeFile(configuration, formatToml(configure(root)));

  const workers = ["--addr", address, "debug", "workers"];
  const stop = await startServer({
    // It leaves the directories behind on which it has mounted something.
    ...{ name: "BuildKit", program: buildkitd, env: { ...process.env, TMPDIR: folder } },
    args: ["--config", configuration, "--addr", address],
    answers: async () => (await readIfPossible(buildctl, workers)) !== undefined,
    remove: async () => {
      await unmountBelow(root);
      await rm(root, { recursive: true, force: true });
    },
  });
  return { buildctl, address, stop };
}

/** What buildkitd can't be started without, in words before its own. */
function checkRuntime(): void {
  if (process.getuid?.() !== 0) {
    throw new ScriptFailure(
      "BuildKit needs root",
      "The Dockerfiles are built by a BuildKit of the benchmark's own, whose steps run in\ncontainers that only root may start. Run the benchmark as root.",
    );
  }
  if (!isOnPath("runc")) {
    throw new ScriptFailure(
      "runc is missing",
      "BuildKit runs a Dockerfile's steps with 'runc', which is not on PATH.\nInstall it (on Debian: apt-get install runc; docker.io brings it).",
    );
  }
}

/** https://docs.docker.com/build/buildkit/toml-configuration/ */
function configure(root: string) {
  return {
    root,
    worker: {
      oci: {
        enabled: true,
        // Others copy all of a layer for the next one: it would be no fair rival.
        snapshotter: "overlayfs",
        // As for our builds: the host's own name resolution, and its loopback interface.
        networkMode: "host",
        // Only `prune` removes something, so that no round finds less than another.
        gc: false,
      },
      containerd: { enabled: false },
    },
  };
}

/** A build that was interrupted leaves its mounts behind. */
async function unmountBelow(folder: string): Promise<void> {
  const mounts = (await readFile("/proc/self/mounts", "utf8"))
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((path) => path.startsWith(`${folder}/`));
  // What was mounted last may lie on what was mounted first.
  for (const path of mounts.toReversed()) await read("umount", ["--lazy", path]);
}

/** Removes all that it has: the next build begins as on a new machine. */
export async function prune({ buildctl, address }: BuildKit): Promise<void> {
  await read(buildctl, ["--addr", address, "prune", "--all"]);
}

export interface DockerfileBuild {
  readonly dockerfile: string;
  /** The app's, all of which the Dockerfile may copy. */
  readonly folder: string;
  /** The image to make; for the target "registry" it begins with the registry's address. */
  readonly image: string;
  readonly target: "registry" | "engine";
  /** Values of the Dockerfile's ARGs. Those that it has not are ignored. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /**
   * What the next build can use is read from the image that is in the registry, and left in the new
   * one: all that a machine without local state finds. Cache mounts are not among it.
   */
  readonly fresh?: boolean;
}

/**
 * Builds a Dockerfile, and pushes the image or loads it into the engine. Gives how long each step
 * took; their sum is the wall time. Throws a CommandError with all that the steps printed.
 */
export async function buildByDockerfile(
  engine: Engine,
  buildkit: BuildKit,
  build: DockerfileBuild,
): Promise<readonly PhaseTime[]> {
  const command = [buildkit.buildctl, "--addr", buildkit.address, ...buildArguments(build)];
  // What buildctl writes to its output for an engine is what `docker load` reads.
  const load = `"$@" | "$CLIENT" load`;
  const [program = "", ...args] =
    build.target === "registry" ? command : ["bash", "-o", "pipefail", "-c", load, "-", ...command];
  const cancelSignal = interruptionSignal();
  const lines: string[] = [];
  const began = Date.now();
  try {
    await stream({ ...log, output: (line) => lines.push(line) }, program, args, {
      env: { ...engine.env, CLIENT: engine.cli },
      ...(cancelSignal === undefined ? {} : { cancelSignal }),
    });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError(`buildctl build ${build.dockerfile}`, error.ended, textOf(lines));
  }
  return phasesOf(lines, { began, ended: Date.now() });
}

/** https://github.com/moby/buildkit/blob/v0.33.1/docs/reference/buildctl.md */
function buildArguments(build: DockerfileBuild): readonly string[] {
  const { dockerfile, folder, image, target, buildArgs, fresh = false } = build;
  return [
    ...["build", "--progress=rawjson", "--frontend=dockerfile.v0"],
    ...["--local", `context=${folder}`, "--local", `dockerfile=${dirname(dockerfile)}`],
    ...["--opt", `filename=${basename(dockerfile)}`],
    ...Object.entries(buildArgs).flatMap(([name, value]) => [
      "--opt",
      `build-arg:${name}=${value}`,
    ]),
    // https://docs.docker.com/build/cache/backends/inline/
    ...(fresh
      ? ["--import-cache", `type=registry,ref=${image}`, "--export-cache=type=inline"]
      : []),
    ...[
      "--output",
      `name=${image},${target === "registry" ? "type=image,push=true" : "type=docker"}`,
    ],
  ];
}
