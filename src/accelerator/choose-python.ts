import type { Origin } from "../kit/origin.ts";
import type { Problem } from "../kit/wrong-lines.ts";
import { mendIn } from "./choose-mends.ts";
import { buildsFor, isForPython, knownPackage, rangeOfBuilds } from "./compatibility-packages.ts";
import type { Demand } from "./demand.ts";
import { newestTorch, rangeOfReleases, torchReleases } from "./torch.ts";
import { compatibility } from "./compatibility.ts";
import { boundsOf, compareVersions, following, inRange, isTouched, newestOf } from "./versions.ts";

/** The app's own demands of which no version has a build for this Python. */
export function findPythonProblems(demands: readonly Demand[], python: string): readonly Problem[] {
  if (python === "") return [];
  return demands.flatMap((demand) => {
    const { origin, text } = demand;
    const releases = origin === undefined ? undefined : releasesOf(demand);
    if (origin === undefined || releases === undefined) return [];
    if (releases.some((release) => isForPython(release, python))) return [];
    const pythons = releases.flatMap((release) => release.python ?? []);
    return [
      {
        origin,
        line: text,
        needed: `It has builds for Python ${describePythons(pythons)}, and the app's is ${python}; ${advice(demand, origin, { pythons, python })}`,
      },
    ];
  });
}

/** Undefined where the demand leaves a version that is not known, which may fit. */
function releasesOf(
  demand: Demand,
): readonly { readonly python?: string | undefined }[] | undefined {
  const { name, specifier } = demand;
  if (name === "torch") {
    const newest = following(newestTorch().release);
    return isTouched(specifier, { lowest: newest, end: undefined })
      ? undefined
      : torchReleases(specifier);
  }
  const known = knownPackage(name);
  const last = known?.builds?.at(-1);
  if (known === undefined || last === undefined) return undefined;
  const { end } = boundsOf(last.versions);
  if (end === undefined || isTouched(specifier, { lowest: end, end: undefined })) return undefined;
  const builds = buildsFor(known, specifier);
  return builds.length === 0 ? undefined : builds;
}

function advice(
  { name }: Demand,
  origin: Origin,
  { pythons, python }: { readonly pythons: readonly string[]; readonly python: string },
): string {
  const write = `write ${newestPython(pythons)} into .python-version`;
  const range = rangeForPython(name, python);
  return range === undefined
    ? write
    : `${write}, or ${mendIn(origin, `write ${name}${range}`, "here")}`;
}

function rangeForPython(name: string, python: string): string | undefined {
  if (name === "torch") {
    const releases = compatibility().torch.filter((release) => isForPython(release, python));
    return releases.length === 0 ? undefined : rangeOfReleases(releases);
  }
  const known = knownPackage(name);
  const builds = (known?.builds ?? []).filter((build) => isForPython(build, python));
  return known === undefined || builds.length === 0 ? undefined : rangeOfBuilds(known, builds);
}

function describePythons(ranges: readonly string[]): string {
  const fitting = compatibility().pythons.filter((one) =>
    ranges.some((range) => inRange(one, range)),
  );
  const [oldest] = fitting;
  const newest = fitting.at(-1);
  return oldest === newest ? `${oldest}` : `${oldest} to ${newest}`;
}

/** The newest Python that fits one of the ranges. */
export function newestPython(ranges: readonly string[]): string | undefined {
  return compatibility().pythons.findLast((one) => ranges.some((range) => inRange(one, range)));
}

/** Newer than all that there are wheels for, as far as that is known here. */
export function isNewerPython(python: string): boolean {
  return compareVersions(python, newestKnownPython()) > 0;
}

export function newestKnownPython(): string {
  return newestOf(compatibility().pythons) ?? "0";
}
