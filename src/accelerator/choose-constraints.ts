import type { ChoiceOptions } from "./choose.ts";
import type { Candidate, Constraint } from "./choose-conflict.ts";
import { describeBackend, withoutIt } from "./choose-hints.ts";
import { ofDriver, ofGpu, ofHardware, ofPython } from "./choose-host.ts";
import { isNewerPython } from "./choose-python.ts";
import { ofAnyTorch, ofFoundTorch, ofTorch, placeOf } from "./choose-torch.ts";
import type { KnownPackage } from "./compatibility-schema.ts";
import {
  buildsFor,
  describePackage,
  isBuiltWithTorch,
  isForPython,
  knownPackage,
  majorsOf,
  rangeOfBuilds,
} from "./compatibility-packages.ts";
import { pinnedCuda } from "./cuda-libraries.ts";
import type { Demand } from "./demand.ts";
import type { Hint } from "./torch.ts";
import { listVersions, majorOf, newestOf } from "./versions.ts";

export interface CudaContext extends ChoiceOptions {
  readonly hints: readonly Hint[];
  /** What the hardware's line asks for, of versions as "12.8". */
  readonly range: string;
}

/** What has to hold: the lines of the app, the hardware, and the Python. */
export function hardConstraints(context: CudaContext): readonly Constraint[] {
  const { hardware, demands, hints, python, range } = context;
  const own = demands.filter(({ origin }) => origin !== undefined);
  const ofOwnTorch = ofTorch(own);
  const isTied = own.some(({ name }) => isBuiltWithTorch(name));
  return [
    // These pin torch, so that its version does not follow from an earlier choice.
    ...(isTied ? ofFoundTorch(demands) : []),
    ...hints.flatMap((hint) => ofHint(hint) ?? []),
    ...ofPins(own),
    ...own.flatMap((demand) => ofPackage(demand, python) ?? []),
    ...(ofOwnTorch.length > 0 ? ofOwnTorch : ofAnyTorch(demands)),
    ...hardware.gpus.flatMap((gpu) => ofGpu(gpu) ?? []),
    ...(hardware.driver === undefined ? [] : [ofDriver(hardware.driver)]),
    ...(range === "" ? [] : [ofHardware(hardware.accelerator, range)]),
    ...(python === "" || isNewerPython(python) ? [] : [ofPython(python)]),
  ];
}

/** The packages that a resolution has found, which decide where the lines of the app leave it open. */
export function softConstraints({ demands, python }: CudaContext): readonly Constraint[] {
  return demands
    .filter(({ origin }) => origin === undefined)
    .flatMap((demand) => ofPackage(demand, python) ?? []);
}

function ofHint(hint: Hint): Constraint | undefined {
  const { version, origin, line, isIndex } = hint;
  if (version === undefined) return undefined;
  return {
    kind: "hint",
    origin,
    line,
    allows: ({ cuda }) => cuda === version,
    says: () =>
      isIndex
        ? `an index of builds for ${describeBackend(hint)} is named`
        : `${line} is a build for ${describeBackend(hint)}`,
    mend: () => withoutIt(hint),
  };
}

/** One for all pins of a version: `pip freeze` writes fifteen of them. */
function ofPins(own: readonly Demand[]): readonly Constraint[] {
  const pins = new Map(pinnedCuda(own).map(({ demand, cuda }) => [cuda, demand]));
  return [...pins].flatMap(([pinned, { origin, text }]): Constraint[] =>
    origin === undefined
      ? []
      : [
          {
            kind: "pin",
            origin,
            line: text,
            allows: ({ cuda }) => cuda === pinned,
            says: () => `${text} is of CUDA ${pinned}`,
            mend: () => "remove the pins of NVIDIA's packages",
          },
        ],
  );
}

function ofPackage(demand: Demand, python: string): Constraint | undefined {
  const known = knownPackage(demand.name);
  if (known === undefined) return undefined;
  const place = placeOf(demand);
  if (isBuiltWithTorch(demand.name)) {
    return {
      kind: "package",
      subject: demand.name,
      ...place,
      allows: ({ cuda, torch }) => torch === undefined || majorOf(cuda) === majorOf(torch.pypi),
      says: (_, left) => {
        const pypi = new Set(left.flatMap(({ torch }) => torch?.pypi ?? []));
        const name = describePackage(demand);
        return pypi.size === 1
          ? `${name} is built for CUDA ${[...pypi].join("")}, as torch's wheels on PyPI are`
          : `${name} is built for the CUDA of torch's wheels on PyPI`;
      },
      mend: () => undefined,
    };
  }
  const majors = majorsOf(known, demand, python);
  if (majors === undefined) return undefined;
  return {
    kind: "package",
    subject: demand.name,
    ...place,
    allows: ({ cuda }) => majors.has(majorOf(cuda)),
    says: () => `${describePackage(demand)} has builds for CUDA ${listVersions(majors)}`,
    mend: (left) => mendPackage(demand, known, left, python),
  };
}

function mendPackage(
  demand: Demand,
  known: KnownPackage,
  left: readonly Candidate[],
  python: string,
): string | undefined {
  const majors = new Set(left.map(({ cuda }) => majorOf(cuda)));
  const builds = (known.builds ?? []).filter(
    (build) => build.cuda.some((major) => majors.has(major)) && isForPython(build, python),
  );
  if (builds.length === 0) return undefined;
  const { name, specifier, extras } = demand;
  // The version may stay where it has builds for both.
  const kept = buildsFor(known, specifier, python).filter((build) => builds.includes(build));
  const isOfExtra = extras.some((extra) => EXTRA_OF_MAJOR.test(extra));
  const range = isOfExtra && kept.length > 0 ? specifier : rangeOfBuilds(known, builds);
  const fitting = (kept.length > 0 ? kept : builds).flatMap(({ cuda }) => cuda);
  const major = newestOf(fitting.filter((one) => majors.has(one))) ?? "";
  const written = extras.map((extra) => extra.replace(EXTRA_OF_MAJOR, `cuda${major}`));
  return `write ${name}${written.length === 0 ? "" : `[${written.join(",")}]`}${range}`;
}

/** "cuda12", "cuda12-local" */
const EXTRA_OF_MAJOR = /^cuda1\d/;
