import type { Accelerated } from "../../accelerator/accelerated.ts";
import { type Choice, choose } from "../../accelerator/choose.ts";
import { complete } from "../../accelerator/complete.ts";
import { cudaLibrariesIn, cudaMajors, libraryOf } from "../../accelerator/cuda-libraries.ts";
import type { Hardware } from "../../accelerator/hardware.ts";
import { hintsOf } from "../../accelerator/torch.ts";
import type { Log } from "../../kit/log.ts";
import { describeOrigin } from "../../kit/origin.ts";
import { acceleratedWith } from "../accelerated/accelerated-by.ts";
import { demandsIn } from "../accelerated/demands-in.ts";
import { describePackages, describeWeight } from "../accelerated/describe-packages.ts";
import { failure as hardwareFailure } from "../accelerated/failures.ts";
import { nameOfRequirement, normalizeName } from "../lock.ts";
import type { PylockPackage } from "../uv/pylock.ts";
import { failure } from "./failures.ts";

export interface CheckedLock {
  readonly hardware: Hardware;
  /** Each with the file that is installed here. */
  readonly packages: readonly PylockPackage[];
  readonly lockFile: string;
  /** "3.13" */
  readonly python: string;
  readonly log: Log;
}

/**
 * What the image is for, with packages that are installed as they are locked: nothing is added and
 * nothing left out. Throws a failure where hardware.txt says otherwise.
 */
export function checkHardware(checked: CheckedLock): Accelerated {
  const { packages, lockFile, python, log } = checked;
  const names = packages.map(({ name }) => normalizeName(name));
  const libraries = checkOneCuda(names, packages);
  const hardware = libraries.length === 0 ? checked.hardware : hardwareWithCuda(checked, libraries);

  const demands = demandsIn(packages, { file: lockFile });
  const choice = choose({ hardware, demands, indexes: [], python });
  if (choice.problems.length > 0) {
    throw hardwareFailure("hardware-unfit", { problems: choice.problems });
  }
  for (const note of choice.notes) log.step(note);
  checkMajor(checked, choice, libraries);
  const { additions } = complete(demands, choice, hardware);
  const missing = additions.filter(
    ({ line }) => !names.includes(nameOfRequirement(line)) || line.includes("["),
  );
  const lacks = hardware.libraries.some(
    ({ name }) => !libraries.some((wheel) => libraryOf(wheel) === name),
  );
  if (missing.length > 0 && (libraries.length === 0 || lacks)) {
    log.warn(
      `${lockFile} lacks what the hardware needs`,
      [
        "A lock is installed as it is. Add these to the project, and lock it again:",
        ...missing.map(({ line, because }) => `- ${line} (${because})`),
      ].join("\n"),
    );
  }
  // On the CUDA builder, an app that has nothing for GPUs runs anywhere.
  const isForGpus =
    libraries.length > 0 || hintsOf(demands, []).some(({ accelerator }) => accelerator !== "cpu");
  if (!isForGpus && hardware.accelerator.assumed) return { accelerator: "cpu" };
  return acceleratedWith(choice, packages, { hardware, log });
}

/** The names of CUDA's libraries, which are of one major version. */
function checkOneCuda(
  names: readonly string[],
  packages: readonly PylockPackage[],
): readonly string[] {
  const majors = cudaMajors(names);
  if (majors.size > 1) {
    const sorted = [...majors].sort(([a], [b]) => Number(a) - Number(b));
    const sides = sorted.map(([major, found]) => ({
      major,
      packages: describePackages(found, packages),
      brought: [],
    }));
    throw hardwareFailure("two-cuda-majors", { sides });
  }
  return cudaLibrariesIn(names);
}

/** Where nobody has said what the image is for, a lock with CUDA's libraries says it. */
function hardwareWithCuda(
  { hardware, packages, lockFile, log }: CheckedLock,
  libraries: readonly string[],
): Hardware {
  const { accelerator } = hardware;
  if (accelerator.name === "cuda") return hardware;
  const weight = describeWeight(libraries, packages);
  if (!accelerator.assumed) {
    throw failure("hardware-differs", {
      lockFile,
      hardware: accelerator.text,
      where: describeOrigin(accelerator.origin),
      packages: describePackages(libraries, packages),
      mend: `A lock is installed as it is, with CUDA's libraries${weight}. For GPUs, write 'cuda' into hardware.txt. Otherwise take torch from https://download.pytorch.org/whl/cpu in the project, and lock it again.`,
    });
  }
  log.step(
    `Using cuda, since ${lockFile} has CUDA's libraries${weight}; for CPUs alone, take torch from https://download.pytorch.org/whl/cpu in the project, and lock it again`,
  );
  const origin = { file: lockFile };
  return { ...hardware, accelerator: { ...accelerator, name: "cuda", origin, text: "cuda" } };
}

function checkMajor(
  { hardware: { accelerator }, packages, lockFile }: CheckedLock,
  { cuda }: Choice,
  libraries: readonly string[],
): void {
  const [major] = cudaMajors(libraries).keys();
  if (major === undefined || cuda === undefined || major === cuda.split(".")[0]) return;
  throw failure("hardware-differs", {
    lockFile,
    hardware: accelerator.text,
    where: describeOrigin(accelerator.origin),
    packages: describePackages(libraries, packages),
    mend: `The image would be for CUDA ${cuda}. Write 'cuda==${major}' into hardware.txt, or lock versions that are made for this CUDA.`,
  });
}
