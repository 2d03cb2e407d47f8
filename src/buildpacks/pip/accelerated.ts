import type { Accelerated } from "../../accelerator/accelerated.ts";
import type { Choice } from "../../accelerator/choose.ts";
import {
  cudaLibrariesIn,
  cudaMajors,
  cudaVersionIn,
  libraryOf,
  needsLibraryPath,
} from "../../accelerator/cuda-libraries.ts";
import { describeOrigin } from "../../kit/origin.ts";
import { formatBytes, listed } from "../../kit/text.ts";
import { nameOfRequirement, normalizeName } from "../../python/lock.ts";
import type { PylockPackage } from "../../python/uv/pylock.ts";
import { demandsIn, demandsOf } from "./demands.ts";
import { failure } from "./failures.ts";
import { type Fit, fitToHardware } from "./fit.ts";
import type { LockTask } from "./obtain-lock.ts";

export interface Chosen {
  /** Each with the file that is installed here. */
  readonly packages: readonly PylockPackage[];
  /** The packages that depend on each one. */
  readonly dependents: () => Promise<ReadonlyMap<string, readonly string[]>>;
}

export function acceleratedBy({ accelerator, cuda, rocm, driver }: Choice): Accelerated {
  return {
    accelerator,
    ...(cuda === undefined ? {} : { cuda }),
    ...(rocm === undefined ? {} : { rocm }),
    ...(driver === undefined ? {} : { driver }),
  };
}

/** What the log says of it; nothing where no package has to do with hardware and nobody has said any. */
export function tellFit({ asked, context: { log } }: LockTask, fit: Fit): void {
  const { choice, dedicated, additions } = fit;
  // The interpreter's own packages were chosen before, and perhaps for another CUDA version.
  const isOfPip = dedicated !== undefined || additions.length > 0;
  if (asked.provided !== undefined && !isOfPip) return;
  for (const note of choice.notes) log.step(note);
  if (dedicated !== undefined)
    log.step(`Using ${listed(dedicated.packages)} from ${dedicated.url}`);
  if (additions.length > 0) {
    log.list(
      `Adding for ${choice.cuda === undefined ? choice.accelerator : `CUDA ${choice.cuda}`}:`,
      additions.map(({ line, because }) => `${line} (${because})`),
    );
  }
}

/** Refuses two CUDA versions in one image, and tells what CUDA weighs where nothing needs it. */
export async function checkAccelerated(
  task: LockTask,
  { choice }: Fit,
  { packages, dependents }: Chosen,
): Promise<Accelerated> {
  const majors = cudaMajors(packages.map(({ name }) => normalizeName(name)));
  if (majors.size > 1) {
    const above = await dependents();
    const sorted = [...majors].sort(([a], [b]) => Number(a) - Number(b));
    const sides = sorted.map(([major, names]) => ({
      major,
      packages: names.map((name) => described(name, packages)),
      brought: broughtBy(names, above, task),
    }));
    throw failure("two-cuda-majors", { sides });
  }
  const [[major, names] = ["", []]] = majors;
  if (choice.accelerator === "cuda") {
    if (names.length > 0 && major !== choice.cuda?.split(".")[0]) {
      throw failure("cuda-differs", {
        ...wantedBy(task),
        major,
        packages: names.map((name) => described(name, packages)),
        brought: broughtBy(names, await dependents(), task),
      });
    }
  } else {
    const own = new Set(demandsOf(task).map(({ name }) => name));
    const unasked = task.asked.source.kind === "pylock" ? [] : names.filter((one) => !own.has(one));
    if (unasked.length > 0) {
      throw failure("cuda-unasked", {
        ...wantedBy(task),
        packages: unasked.map((name) => described(name, packages)),
        brought: broughtBy(unasked, await dependents(), task),
      });
    }
    tellWeight(task, names, packages);
  }
  if (majors.size > 0) await warnOfSecondCuda(task, names, dependents);
  // On the CUDA builder, an app that has nothing for GPUs runs anywhere.
  if (majors.size === 0 && task.asked.hardware.accelerator.assumed) return { accelerator: "cpu" };
  // What the interpreter's own packages need is not pip's to say.
  if (majors.size === 0 && task.asked.provided !== undefined)
    return { accelerator: choice.accelerator };
  const isSearched =
    task.asked.hardware.libraries.length > 0 ||
    needsLibraryPath(packages.map(({ name }) => normalizeName(name)));
  const cuda = choice.cuda === undefined ? undefined : cudaVersionIn(packages);
  if (cuda !== undefined && cuda !== choice.cuda)
    task.context.log.step(`The packages bring CUDA ${cuda}`);
  return {
    ...acceleratedBy(cuda === undefined ? choice : { ...choice, cuda }),
    ...(majors.size > 0 && isSearched ? { libraryPath: true } : {}),
  };
}

/** The same for a lock of the app's own, which is installed as it is. */
export async function checkLock(
  task: LockTask,
  packages: readonly PylockPackage[],
  file: string,
): Promise<Accelerated> {
  const fit = fitToHardware(task, demandsIn(packages, { file }));
  const { log } = task.context;
  for (const note of fit.choice.notes) log.step(note);
  const names = new Set(packages.map(({ name }) => normalizeName(name)));
  const missing = fit.additions.filter(
    ({ line }) => !names.has(nameOfRequirement(line)) || line.includes("["),
  );
  const ofCuda = cudaLibrariesIn([...names]);
  const lacks = task.asked.hardware.libraries.some(
    ({ name }) => !ofCuda.some((wheel) => libraryOf(wheel) === name),
  );
  if (missing.length > 0 && (ofCuda.length === 0 || lacks)) {
    log.warn(
      `${file} lacks what the hardware needs`,
      [
        "A lock is installed as it is. Add these to the project, and lock it again:",
        ...missing.map(({ line, because }) => `- ${line} (${because})`),
      ].join("\n"),
    );
  }
  return checkAccelerated(task, fit, { packages, dependents: async () => new Map() });
}

/** Both are loaded where both are used, and an image has gigabytes more than it needs. */
async function warnOfSecondCuda(
  task: LockTask,
  names: readonly string[],
  dependents: Chosen["dependents"],
): Promise<void> {
  const { provider, cuda } = task.asked.provided ?? {};
  if (provider === undefined || cuda === undefined) return;
  const brought = broughtBy(names, await dependents(), task);
  task.context.log.warn(
    `CUDA's libraries are installed twice, by ${provider} and by pip`,
    [
      `${provider} has those of CUDA ${cuda}; pip installs ${listed(names)}.`,
      ...brought.map((line) => `- ${line}`),
      `To have them once, take such packages from ${provider} (torch is called pytorch there), or all that needs CUDA from pip.`,
    ].join("\n"),
  );
}

function wantedBy({ asked: { hardware } }: LockTask) {
  const { text, origin } = hardware.accelerator;
  return { hardware: text, where: describeOrigin(origin) };
}

function tellWeight(
  task: LockTask,
  names: readonly string[],
  packages: readonly PylockPackage[],
): void {
  if (names.length === 0) return;
  const { asked, context } = task;
  const sizes = names.map((name) => sizeOf(name, packages));
  const bytes = sizes.reduce((sum: number, size) => sum + (size ?? 0), 0);
  const weight = sizes.includes(undefined) ? "" : ` (${formatBytes(bytes)} to download)`;
  const { accelerator } = asked.hardware;
  context.log.warn(
    `CUDA's libraries are installed, though the image is for ${accelerator.name}`,
    [
      `${accelerator.name} is from ${describeOrigin(accelerator.origin)}. The app names these packages itself, so that they are installed${weight}:`,
      ...names.map((name) => `- ${described(name, packages)}${placeOf(name, task)}`),
      "For GPUs, write 'cuda' into hardware.txt. Otherwise remove these lines from the app's files.",
    ].join("\n"),
  );
}

function placeOf(name: string, task: LockTask): string {
  const found = demandsOf(task).find((demand) => demand.name === name);
  return found?.origin === undefined ? "" : ` (${describeOrigin(found.origin)})`;
}

function described(name: string, packages: readonly PylockPackage[]): string {
  const version = find(name, packages)?.version;
  return version === undefined ? name : `${name} ${version}`;
}

function sizeOf(name: string, packages: readonly PylockPackage[]): number | undefined {
  const { wheels, sdist } = find(name, packages) ?? {};
  return (wheels?.[0] ?? sdist)?.size;
}

function find(name: string, packages: readonly PylockPackage[]): PylockPackage | undefined {
  return packages.find((one) => normalizeName(one.name) === name);
}

/** The app's own requirements that lead to the packages, as it wrote them. */
function broughtBy(
  names: readonly string[],
  dependents: ReadonlyMap<string, readonly string[]>,
  { asked }: LockTask,
): readonly string[] {
  const reached = new Set<string>();
  const queue = [...names];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    queue.push(...(dependents.get(name) ?? []));
  }
  return asked.set.requirements
    .filter(({ name }) => name !== undefined && reached.has(name))
    .map(({ origin, text }) => `${describeOrigin(origin)}: ${text}`);
}
