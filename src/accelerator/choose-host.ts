import { originAsSubject } from "../kit/origin.ts";
import type { Candidate, Constraint } from "./choose-conflict.ts";
import { newestPython } from "./choose-python.ts";
import { runsOn } from "./capabilities.ts";
import { architectureOf, compatibility } from "./compatibility.ts";
import { isForPython } from "./compatibility-packages.ts";
import { driverFloor } from "./cuda-versions.ts";
import { describeGpu } from "./drivers.ts";
import type { Hardware } from "./hardware.ts";
import {
  compareVersions,
  inRange,
  listVersions,
  majorOf,
  newestOf,
  pinnedVersion,
} from "./versions.ts";

/** Undefined for a GPU that is newer, or older, than what the data has. */
export function ofGpu(gpu: Hardware["gpus"][number]): Constraint | undefined {
  const architecture = architectureOf(gpu.capability);
  if (architecture === undefined) return undefined;
  const { first, last } = architecture;
  const named = describeGpu(gpu);
  const isKnownTo = (cuda: string) =>
    (first === undefined || compareVersions(cuda, first) >= 0) &&
    (last === undefined || compareVersions(cuda, last) <= 0);
  return {
    kind: "gpu",
    origin: gpu.origin,
    line: gpu.text,
    allows: ({ cuda, torch }) => {
      const code = torch?.cuda[cuda];
      return code === undefined ? isKnownTo(cuda) : runsOn(code, gpu.capability);
    },
    says: (others, left) => {
      const isOfTorch = others.some(({ kind }) => kind === "torch");
      if (isOfTorch && left.length > 0) {
        return `for the GPU ${named} only those for CUDA ${listVersions(left.map(({ cuda }) => cuda))} have code`;
      }
      const ends = [
        ...(first === undefined ? [] : [`from ${first} on`]),
        ...(last === undefined ? [] : [`up to ${last}`]),
      ];
      return `the GPU ${named} needs CUDA ${ends.join(" ")}`.trim();
    },
    mend: () => undefined,
  };
}

export function ofDriver({ version, origin, text }: NonNullable<Hardware["driver"]>): Constraint {
  const runs = ({ cuda }: Candidate) => {
    const floor = driverFloor(cuda);
    return floor === undefined || compareVersions(version, floor) >= 0;
  };
  return {
    kind: "driver",
    origin,
    line: text,
    allows: runs,
    says: () => {
      const majors = compatibility().cuda.major.filter(({ major }) =>
        runs({ cuda: major, torch: undefined }),
      );
      const newest = newestOf(majors.map(({ major }) => major));
      return newest === undefined
        ? `drivers as old as ${version} run no CUDA that is known here`
        : `drivers from ${version} on run CUDA up to ${newest}`;
    },
    mend: (left) => {
      const floors = left.flatMap(({ cuda }) => driverFloor(cuda) ?? []);
      const least = floors.sort(compareVersions)[0] ?? driverFloor("11");
      return `write driver>=${least}`;
    },
  };
}

export function ofHardware({ origin, text }: Hardware["accelerator"], range: string): Constraint {
  return {
    kind: "hardware",
    origin,
    line: text,
    allows: ({ cuda }) => inRange(cuda, range),
    says: () => `${originAsSubject(origin)} says ${text}`,
    mend: (left) => {
      const versions = left.map(({ cuda }) => cuda);
      const wanted = compatibility().cuda.default;
      const ofPypi = new Set(left.map(({ torch }) => torch?.pypi));
      const [pypi] = ofPypi.size === 1 ? ofPypi : [];
      const best =
        nearestVersion(range, versions) ??
        [wanted, pypi].find((one) => versions.includes(one ?? "")) ??
        newestOf(versions);
      return best === undefined ? undefined : `write cuda==${best}`;
    },
  };
}

/** Of the same major version, which the same drivers run: the next one, or else the one before. */
function nearestVersion(range: string, versions: readonly string[]): string | undefined {
  const asked = pinnedVersion(range);
  if (asked === undefined) return undefined;
  const same = versions.filter((one) => majorOf(one) === majorOf(asked)).sort(compareVersions);
  return same.find((one) => compareVersions(one, asked) >= 0) ?? same.at(-1);
}

export function ofPython(python: string): Constraint {
  return {
    kind: "python",
    allows: ({ torch }) => torch === undefined || isForPython(torch, python),
    says: () => `the app's Python is ${python}`,
    mend: (left) => {
      const newest = newestPython(left.flatMap(({ torch }) => torch?.python ?? []));
      return newest === undefined ? undefined : `write ${newest} into .python-version`;
    },
  };
}
