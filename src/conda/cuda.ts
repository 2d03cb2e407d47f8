import type { Accelerated } from "../accelerator/accelerated.ts";
import type { Choice } from "../accelerator/choose.ts";
import { driverFloor, plainRange } from "../accelerator/cuda-versions.ts";
import type { Hardware } from "../accelerator/hardware.ts";
import { compareVersions } from "../accelerator/versions.ts";
import type { CondaLock } from "./lock.ts";

/**
 * Packages by whose version others agree on CUDA's; the second is of CUDA 11 and before.
 * https://github.com/conda-forge/cuda-version-feedstock/blob/main/README.md
 */
export const OF_CUDA: readonly string[] = ["cuda-version", "cudatoolkit"];

/** The CUDA version that the packages bring, "12.8"; undefined where none does. */
export function cudaIn(packages: CondaLock): string | undefined {
  const found = OF_CUDA.map((wanted) => packages.find(({ name }) => name === wanted));
  const version = found.find((one) => one !== undefined)?.version;
  return version?.split(".").slice(0, 2).join(".");
}

/**
 * Match specs for a CUDA version that is asked for. `__cuda` alone is an upper bound: it stands for
 * the driver, which runs older versions, too. https://github.com/conda/ceps/blob/main/cep-0030.md#__cuda
 */
export function cudaConstraints({ accelerator }: Hardware): readonly string[] {
  const { name, specifier } = accelerator;
  if (name !== "cuda" || specifier === "") return [];
  // "=12.8" is any patch of it: https://github.com/conda/ceps/blob/main/cep-0029.md
  const range = plainRange(specifier).replaceAll(/(^|,)==/g, "$1=");
  return OF_CUDA.map((each) => `${each} ${range}`);
}

/** Match specs for CUDA's libraries that hardware.txt names, and names for which there is none. */
export function librarySpecs({
  accelerator,
  libraries,
}: Pick<Hardware, "accelerator" | "libraries">): {
  readonly specs: readonly string[];
  readonly unknown: readonly string[];
} {
  if (accelerator.name !== "cuda") return { specs: [], unknown: [] };
  const names = libraries.map(({ name }) => name);
  return {
    specs: names.flatMap((name) => LIBRARIES[name] ?? []),
    unknown: names.filter((name) => LIBRARIES[name] === undefined),
  };
}

/** Names of hardware.txt's libraries that the packages don't have. */
export function librariesLacking(
  { accelerator, libraries }: Hardware,
  packages: CondaLock,
): readonly string[] {
  if (accelerator.name !== "cuda") return [];
  return libraries.map(({ name }) => name).filter((name) => !isAmong(name, packages));
}

function isAmong(library: string, packages: CondaLock): boolean {
  return packages.some(({ name }) => name === LIBRARIES[library]);
}

/** NVIDIA's libraries as conda-forge names them: https://conda-forge.org/docs/maintainer/knowledge_base/#cuda */
const LIBRARIES: { readonly [name: string]: string | undefined } = {
  cublas: "libcublas",
  cudart: "cuda-cudart",
  cudnn: "cudnn",
  cufft: "libcufft",
  cupti: "cuda-cupti",
  curand: "libcurand",
  cusolver: "libcusolver",
  cusparse: "libcusparse",
  cutensor: "cutensor",
  nccl: "nccl",
  npp: "libnpp",
  nvjitlink: "libnvjitlink",
  nvjpeg: "libnvjpeg",
  nvrtc: "cuda-nvrtc",
  nvtx: "cuda-nvtx",
};

/** What the image is to run on, for labels and checks. */
export function acceleratedBy(
  packages: CondaLock,
  { accelerator: { assumed } }: Hardware,
  choice: Choice,
): Accelerated {
  const { accelerator } = choice;
  const cuda = accelerator === "cuda" ? cudaIn(packages) : undefined;
  // On the CUDA builder, an app that has nothing for GPUs runs anywhere.
  if (cuda === undefined) return { accelerator: assumed ? "cpu" : accelerator };
  return { accelerator, cuda, ...driverFor(cuda, choice) };
}

/** That of the packages, or of the GPUs where those need a newer one. */
function driverFor(cuda: string, choice: Choice): Pick<Accelerated, "driver"> {
  const [ofPackages, ofChoice] = [driverFloor(cuda), choice.driver];
  const ofCuda = choice.cuda === undefined ? undefined : driverFloor(choice.cuda);
  const isOfGpu =
    ofChoice !== undefined && (ofCuda === undefined || compareVersions(ofChoice, ofCuda) > 0);
  const driver = isOfGpu ? ofChoice : (ofPackages ?? ofChoice);
  return driver === undefined ? {} : { driver };
}

/**
 * The hardware with the version that the packages have come to, and without the libraries that are
 * among them, for what is chosen after them.
 */
export function withCudaOf(hardware: Hardware, packages: CondaLock, file: string): Hardware {
  const cuda = cudaIn(packages);
  if (cuda === undefined || hardware.accelerator.name !== "cuda") return hardware;
  const { text } = hardware.accelerator;
  return {
    ...hardware,
    libraries: hardware.libraries.filter(({ name }) => !isAmong(name, packages)),
    accelerator: {
      ...hardware.accelerator,
      assumed: false,
      specifier: `==${cuda}`,
      origin: { file },
      text: `${text}, with CUDA ${cuda} by the packages`,
    },
  };
}
