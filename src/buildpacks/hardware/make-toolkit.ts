import { rm } from "node:fs/promises";
import { join } from "node:path";
import { choose } from "../../accelerator/choose.ts";
import { cudaMajors, libraryRequirements } from "../../accelerator/cuda-libraries.ts";
import { HANDOVER, readHardware } from "../../accelerator/handover.ts";
import { openWheelSource, readLockFile } from "../../accelerator/nvidia-wheels.ts";
import { unpackArchives } from "../../accelerator/toolkit-archives.ts";
import { failure } from "../../accelerator/toolkit-failures.ts";
import { moveWheels, settleToolkit } from "../../accelerator/toolkit-layout.ts";
import { readVariable } from "../../cnb/env.ts";
import type { RecreateContext } from "../../kit/buildpack.ts";
import { HANDOVER as PYTHON_HANDOVER } from "../../python/handover.ts";
import type { Lock } from "../../python/lock.ts";

/** Installs CUDA's compiler and headers, and the libraries to link with, at the toolkit's place. */
export async function makeToolkit(context: RecreateContext): Promise<void> {
  const { env, layer, layersDir, log, settings, target } = context;
  const cuda = chooseCuda(context);
  const major = cuda.split(".")[0] ?? "";
  const workDir = join(layersDir, "toolkit-work");
  log.step(`Installing CUDA ${cuda}'s compiler and headers, for this build alone`);
  try {
    const wheels = await openWheelSource({ context, workDir, what: `CUDA ${cuda}'s compiler` });
    const libraries = await librariesToLink(context, cuda);
    const isOnPypi = Number(major) >= 13;
    const requirements = isOnPypi ? [`cuda-toolkit[${COMPILER_EXTRAS.join(",")}]==${cuda}.*`] : [];
    const archives = { cuda, arch: target.arch, settings, env, log, workDir };
    const unpacked = isOnPypi ? undefined : await unpackArchives(layer.path, archives);
    const lock = await wheels.resolve([...requirements, ...libraries.requirements]);
    const names = new Set(lock.map(({ name }) => name));
    const more = libraries.locked.filter(({ name }) => !names.has(name));
    moveWheels(await wheels.unpack([...lock, ...more]), layer.path);
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

function chooseCuda({ env }: RecreateContext): string {
  const chosen = readVariable(env, HANDOVER.cuda);
  if (chosen !== undefined) return chosen;
  const python = readVariable(env, PYTHON_HANDOVER.pythonVersion) ?? "";
  const hardware = readHardware(env);
  const { cuda } = choose({ hardware, demands: [], indexes: [], python });
  if (cuda === undefined) throw failure("cuda-unknown", {});
  return cuda;
}

/**
 * The libraries that the image will have: what is linked with at build is needed at launch, in the
 * same version. They are in uv's cache where the app's packages are installed in the same build.
 */
async function librariesToLink(
  { env }: RecreateContext,
  cuda: string,
): Promise<{ readonly requirements: readonly string[]; readonly locked: Lock }> {
  const lockFile = await readLockFile(env);
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
