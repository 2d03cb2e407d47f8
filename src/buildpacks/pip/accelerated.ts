import type { Accelerated } from "../../accelerator/accelerated.ts";
import { cudaMajors } from "../../accelerator/cuda-libraries.ts";
import { describeOrigin } from "../../kit/origin.ts";
import { listed } from "../../kit/text.ts";
import { acceleratedWith } from "../../python/accelerated/accelerated-by.ts";
import { describePackages, describeWeight } from "../../python/accelerated/describe-packages.ts";
import { failure as hardwareFailure } from "../../python/accelerated/failures.ts";
import { normalizeName } from "../../python/lock.ts";
import type { PylockPackage } from "../../python/uv/pylock.ts";
import { demandsOf } from "./demands.ts";
import { failure } from "./failures.ts";
import type { Fit } from "./fit.ts";
import type { LockTask } from "./obtain-lock.ts";

export interface Chosen {
  /** Each with the file that is installed here. */
  readonly packages: readonly PylockPackage[];
  /** The packages that depend on each one. */
  readonly dependents: () => Promise<ReadonlyMap<string, readonly string[]>>;
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
      packages: describePackages(names, packages),
      brought: broughtBy(names, above, task),
    }));
    throw hardwareFailure("two-cuda-majors", { sides });
  }
  const [[major, names] = ["", []]] = majors;
  if (choice.accelerator === "cuda") {
    if (names.length > 0 && major !== choice.cuda?.split(".")[0]) {
      throw failure("cuda-differs", {
        ...wantedBy(task),
        major,
        packages: describePackages(names, packages),
        brought: broughtBy(names, await dependents(), task),
      });
    }
  } else {
    const own = new Set(demandsOf(task).map(({ name }) => name));
    const unasked = names.filter((one) => !own.has(one));
    if (unasked.length > 0) {
      throw failure("cuda-unasked", {
        ...wantedBy(task),
        packages: describePackages(unasked, packages),
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
  return acceleratedWith(choice, packages, {
    hardware: task.asked.hardware,
    log: task.context.log,
  });
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
  const weight = describeWeight(names, packages);
  const { accelerator } = asked.hardware;
  context.log.warn(
    `CUDA's libraries are installed, though the image is for ${accelerator.name}`,
    [
      `${accelerator.name} is from ${describeOrigin(accelerator.origin)}. The app names these packages itself, so that they are installed${weight}:`,
      ...describePackages(names, packages).map(
        (one, at) => `- ${one}${placeOf(names[at] ?? "", task)}`,
      ),
      "For GPUs, write 'cuda' into hardware.txt. Otherwise remove these lines from the app's files.",
    ].join("\n"),
  );
}

function placeOf(name: string, task: LockTask): string {
  const found = demandsOf(task).find((demand) => demand.name === name);
  return found?.origin === undefined ? "" : ` (${describeOrigin(found.origin)})`;
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
