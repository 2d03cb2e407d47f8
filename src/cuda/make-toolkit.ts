import { rm } from "node:fs/promises";
import { join } from "node:path";
import { choose } from "../accelerator/choose.ts";
import { cudaMajors, libraryRequirements } from "../accelerator/cuda-libraries.ts";
import { readHardware } from "../accelerator/handover.ts";
import { toolkitRelease } from "../accelerator/toolkit-releases.ts";
import { readVariable } from "../cnb/env.ts";
import type { RecreateContext } from "../kit/buildpack.ts";
import { HANDOVER } from "../python/handover.ts";
import type { Lock, LockFile } from "../python/lock.ts";
import { findEarlierCuda } from "./earlier-cuda.ts";
import { openWheelSource, readLockFile } from "./nvidia-wheels.ts";
import { unpackArchives } from "./toolkit-archives.ts";
import { failure } from "./toolkit-failures.ts";
import { moveWheels, settleToolkit } from "./toolkit-layout.ts";

/** Installs CUDA's compiler and headers, and the libraries to link with, at the toolkit's place. */
export async function makeToolkit(context: RecreateContext): Promise<void> {
  const { env, layer, layersDir, log, settings, target } = context;
  const lockFile = await readLockFile(env);
  const cuda = lockFile?.accelerated?.cuda ?? (await chooseCuda(context));
  const major = cuda.split(".")[0] ?? "";
  const workDir = join(layersDir, "toolkit-work");
  log.step(`Installing CUDA ${cuda}'s compiler and headers, for this build alone`);
  try {
    const wheels = await openWheelSource({ context, workDir, what: `CUDA ${cuda}'s compiler` });
    const libraries = librariesToLink(context, cuda, lockFile);
    const isOnPypi = Number(major) >= 13;
    const release = toolkitRelease(cuda) ?? `${cuda}.*`;
    const compiler = `cuda-toolkit[${COMPILER_EXTRAS.join(",")}]==${release}`;
    const requirements = isOnPypi ? [compiler] : [];
    const archives = { cuda, arch: target.arch, settings, env, log, workDir };
    const unpacked = isOnPypi ? undefined : await unpackArchives(layer.path, archives);
    const lock = await wheels.resolve([...requirements, ...libraries.requirements]);
    const names = new Set(lock.map(({ name }) => name));
    const more = libraries.locked.filter(({ name }) => !names.has(name));
    await moveWheels(await wheels.unpack([...lock, ...more]), layer.path);
    const nvcc = unpacked ?? lock.find(({ name }) => name === "nvidia-cuda-nvcc")?.version ?? cuda;
    await settleToolkit(layer.path, { cuda, nvcc }, env);
    log.step(`Installed CUDA ${cuda}'s compiler (nvcc ${nvcc})`);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

/**
 * Extras of https://pypi.org/project/cuda-toolkit/: with these torch's extensions compile, 105 MB to
 * download. The big libraries' headers come with the libraries.
 */
const COMPILER_EXTRAS = [
  "cccl",
  "crt",
  "cudart",
  "culibos",
  "nvcc",
  "nvml",
  "nvtx",
  "nvvm",
  "profiler",
];

/** Where no lock says it. */
async function chooseCuda(context: RecreateContext): Promise<string> {
  const { env } = context;
  const python = readVariable(env, HANDOVER.pythonVersion) ?? "";
  const previous = await findEarlierCuda(context);
  const hardware = readHardware(env);
  const { cuda } = choose({ hardware, demands: [], indexes: [], python, previous });
  if (cuda === undefined) throw failure("cuda-unknown", {});
  return cuda;
}

/**
 * The libraries that the image will have: what is linked with at build is needed at launch, in the
 * same version. They are in uv's cache where the app's packages are installed in the same build.
 */
function librariesToLink(
  { env }: RecreateContext,
  cuda: string,
  lockFile: LockFile | undefined,
): { readonly requirements: readonly string[]; readonly locked: Lock } {
  if (lockFile === undefined) {
    const names = readHardware(env).libraries.map(({ name }) => name);
    return { requirements: libraryRequirements(names, cuda), locked: [] };
  }
  const { distributions } = lockFile;
  const majors = cudaMajors(distributions.map(({ name }) => name));
  const names = new Set(majors.get(cuda.split(".")[0] ?? ""));
  const locked = distributions.filter(({ from, name }) => from === "wheel" && names.has(name));
  return { requirements: [], locked };
}
