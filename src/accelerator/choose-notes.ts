import { describeOrigin } from "../kit/origin.ts";
import { listed } from "../kit/text.ts";
import { type Candidate, type Constraint, leftBy } from "./choose-conflict.ts";
import type { CudaContext } from "./choose-constraints.ts";
import { isNewerPython, newestKnownPython } from "./choose-python.ts";
import { architectureOf, compatibility } from "./compatibility.ts";
import {
  buildsFor,
  describePackage,
  isBuiltWithTorch,
  knownPackage,
} from "./compatibility-packages.ts";
import { isNewerCuda, knownCuda, namesPatch } from "./cuda-versions.ts";
import type { Demand } from "./demand.ts";
import { describeGpu, neededDriver } from "./drivers.ts";
import { describeTorch, isNewerTorch, newestTorch, TORCH_FAMILY, torchReleases } from "./torch.ts";
import { listVersions, majorOf, newestOf, pinnedVersion, versionsIn } from "./versions.ts";

export interface Reasons {
  readonly candidates: readonly Candidate[];
  readonly context: CudaContext;
}

/** The version, with whatever forbids the default. */
export function describeChoice(
  cuda: string,
  constraints: readonly Constraint[],
  { candidates, context }: Reasons,
): string {
  const { origin, specifier, text } = context.hardware.accelerator;
  const hosts = describeHosts(cuda, context);
  if (specifier !== "") {
    const isExact = /^==\d+\.\d+$/.test(context.range);
    const which = cuda === context.previous ? "as before, and it fits" : "the newest that fits";
    const why = isExact ? describeOrigin(origin) : `${which} ${text}, ${describeOrigin(origin)}`;
    return `Using CUDA ${cuda} (${why})${hosts}`;
  }
  const wanted = compatibility().cuda.default;
  if (cuda === wanted) return `Using CUDA ${cuda}, the default${hosts}`;
  const all = constraints.filter(
    (one) => !candidates.some((candidate) => candidate.cuda === wanted && one.allows(candidate)),
  );
  // What names a version itself says it all.
  const exact = all.filter(({ kind }) => kind === "hint" || kind === "pin");
  const against = exact.length > 0 ? exact : all;
  const reasons = withoutRepetition(against).map((one) => {
    const clause = one.says([], leftBy([one], candidates));
    return one.origin === undefined ? clause : `${clause} (${describeOrigin(one.origin)})`;
  });
  if (reasons.length === 0) reasons.push(...tiedTo(context));
  if (reasons.length === 0 && cuda === context.previous)
    return `Using CUDA ${cuda}, as before${hosts}`;
  const because = reasons.length === 0 ? "" : `, since ${listed([...new Set(reasons)])}`;
  return `Using CUDA ${cuda}${because}${hosts}`;
}

function describeHosts(cuda: string, { hardware }: CudaContext): string {
  const needed = neededDriver(cuda, hardware.gpus);
  if (needed === undefined) return "";
  const reason = needed.gpu === undefined ? "" : ` for the GPU ${describeGpu(needed.gpu)}`;
  return `; hosts need a driver from ${needed.driver} on${reason}`;
}

/** What a resolution has found of a package follows from the app's own line for it, which says it. */
function withoutRepetition(constraints: readonly Constraint[]): readonly Constraint[] {
  const own = new Set(constraints.flatMap((one) => (one.origin === undefined ? [] : one.subject)));
  return constraints.filter(
    ({ origin, subject }) => origin !== undefined || subject === undefined || !own.has(subject),
  );
}

/** Packages that are compiled against torch have the CUDA version that it has on PyPI. */
function tiedTo({ demands }: CudaContext): readonly string[] {
  const tied = demands.find(({ name }) => isBuiltWithTorch(name));
  return tied === undefined ? [] : [`${tied.name} is built for it, as torch's wheels on PyPI are`];
}

/** What is let pass, or is of no use. */
export function notesFor(
  { hardware, demands, hints, range, python }: CudaContext,
  cuda: string,
): readonly string[] {
  const notes: string[] = [];
  if (namesPatch(hardware.accelerator.specifier)) {
    notes.push(
      `${hardware.accelerator.text} is taken as ${range.replace(/^==/, "")}: packages are built for two numbers of a version`,
    );
  }
  const newer = [...versionsIn(range), ...hints.flatMap(({ version }) => version ?? [])].filter(
    isNewerCuda,
  );
  if (newer.length > 0) {
    notes.push(
      `CUDA ${listVersions(newer)} is newer than what is known here (${newestOf(knownCuda())}); it is let pass`,
    );
  }
  for (const gpu of hardware.gpus.filter(
    ({ capability }) => architectureOf(capability) === undefined,
  )) {
    notes.push(`The GPU ${gpu.name} (${gpu.capability}) is not known here; it is let pass`);
  }
  if (isNewerPython(python) && demands.some(({ name }) => TORCH_FAMILY.has(name))) {
    notes.push(
      `Python ${python} is newer than what is known here (${newestKnownPython()}); it is let pass`,
    );
  }
  return [...notes, ...notesOnPackages(demands, cuda)];
}

function notesOnPackages(demands: readonly Demand[], cuda: string): readonly string[] {
  const seen = new Set<string>();
  return demands.flatMap((demand) => {
    const { name, specifier, origin } = demand;
    if (specifier === "" || seen.has(name)) return [];
    if (name === "torch") {
      if (torchReleases(specifier) !== undefined) return [];
      seen.add(name);
      const { release } = newestTorch();
      return isNewerTorch(specifier)
        ? [`${describeTorch(demand)} is newer than what is known here (${release}); it is let pass`]
        : [`${describeTorch(demand)} is older than what is known here; it is let pass`];
    }
    const known = knownPackage(name);
    const builds = known?.builds ?? [];
    if (known === undefined || builds.length === 0 || pinnedVersion(specifier) === undefined)
      return [];
    const fitting = buildsFor(known, specifier);
    if (fitting.length === 0) {
      seen.add(name);
      return [`${describePackage(demand)} is not known here; it is let pass`];
    }
    const majors = fitting.flatMap(({ cuda: all }) => all);
    const isUseless = majors.length > 0 && !majors.includes(majorOf(cuda));
    const hasOthers = builds.some((one) => one.cuda.includes(majorOf(cuda)));
    if (origin !== undefined || !isUseless || hasOthers) return [];
    seen.add(name);
    return [
      `${describePackage(demand)} is built for CUDA ${listVersions(majors)}, and runs without a GPU in this image`,
    ];
  });
}
