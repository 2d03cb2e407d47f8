import { listed } from "../kit/text.ts";
import type { Choice } from "./choose.ts";
import { compatibility } from "./compatibility.ts";
import type { KnownPackage, PackageBuild } from "./compatibility-schema.ts";
import { asksForCuda, buildsFor, knownPackage, rangeOfBuilds } from "./compatibility-packages.ts";
import {
  cudaWheelNames,
  describeLine,
  libraryRequirements,
  wheelName,
  wheelRequirements,
  withNeededWheels,
} from "./cuda-libraries.ts";
import type { Demand } from "./demand.ts";
import type { Hardware } from "./hardware.ts";
import { majorOf, pinnedVersion } from "./versions.ts";

export interface Addition {
  /** A requirement, as it would stand in the app's own. */
  readonly line: string;
  /** For the log. */
  readonly because: string;
}

export interface Completion {
  readonly additions: readonly Addition[];
  /** Names of packages that are not to be installed, whoever depends on them. */
  readonly excludes: readonly string[];
}

/**
 * What the choice makes of the packages: on CUDA, its libraries for those that need them and bring
 * none; elsewhere, nothing of CUDA but what the app itself asks for.
 *
 * It follows from which packages are there, never from libraries that are, so that resolving with
 * the additions asks for the same again.
 */
export function complete(found: readonly Demand[], choice: Choice, hardware: Hardware): Completion {
  const own = new Set(found.flatMap(({ name, origin }) => (origin === undefined ? [] : [name])));
  const { cuda } = choice;
  if (cuda === undefined) {
    const kept = withNeededWheels([...own]);
    const additions = choice.accelerator === "tpu" ? forTpu(found) : [];
    return { additions, excludes: cudaWheelNames().filter((name) => !kept.has(name)) };
  }
  return {
    additions: forCuda(found, cuda, hardware),
    excludes: withoutOthers(found, cuda).filter((name) => !own.has(name)),
  };
}

function forTpu(found: readonly Demand[]): readonly Addition[] {
  const jax = found.filter(({ name }) => name === "jax");
  if (jax.length === 0 || jax.some(({ extras }) => extras.includes("tpu"))) return [];
  return [{ line: "jax[tpu]", because: "jax brings nothing for TPUs itself" }];
}

function forCuda(found: readonly Demand[], cuda: string, hardware: Hardware): readonly Addition[] {
  const hasTorch = found.some(({ name }) => name === "torch");
  const needs = needsOf(found, cuda);
  const ofTorch = new Set(hasTorch ? compatibility()["torch-brings"].libraries : []);
  const extras = needs.flatMap((need) => withExtra(need, cuda, { hasTorch, ofTorch }));
  const wanted = new Map<string, string[]>();
  const want = (library: string, reason: string) => {
    if (ofTorch.has(library)) return;
    wanted.set(library, [...(wanted.get(library) ?? []), reason]);
  };
  for (const need of needs.filter((one) => !isComplete(one, cuda, hasTorch))) {
    for (const library of librariesOf(need, cuda, hasTorch)) want(library, `for ${need.name}`);
  }
  for (const line of hardware.libraries) want(line.name, describeLine(line));
  return [...extras, ...librariesWith(wanted, cuda, { hasTorch, needs })];
}

interface Need {
  readonly name: string;
  readonly known: KnownPackage;
  readonly demands: readonly Demand[];
  /** Builds for the CUDA version, oldest first. */
  readonly builds: readonly PackageBuild[];
  /** The one of them that is, or will be, installed. */
  readonly build: PackageBuild;
  readonly libraries: readonly string[];
}

/** Packages that need CUDA's libraries; those of another CUDA version can't use them. */
function needsOf(found: readonly Demand[], cuda: string): readonly Need[] {
  const byName = new Map<string, Demand[]>();
  for (const demand of found) {
    byName.set(demand.name, [...(byName.get(demand.name) ?? []), demand]);
  }
  return [...byName].flatMap(([name, demands]) => {
    const known = knownPackage(name);
    if (known?.libraries === undefined) return [];
    const major = majorOf(cuda);
    const own = demands.filter(({ origin }) => origin !== undefined);
    const builds = (known.builds ?? [])
      .filter(({ cuda: majors }) => majors.includes(major))
      .filter((build) =>
        own.every(
          ({ specifier }) => buildsFor({ ...known, builds: [build] }, specifier).length > 0,
        ),
      );
    const installed = builds.findLast((build) =>
      demands.every(
        ({ specifier }) => buildsFor({ ...known, builds: [build] }, specifier).length > 0,
      ),
    );
    const build = installed ?? builds.at(-1);
    if (build === undefined) return [];
    const libraries = build.libraries ?? known.libraries;
    return [{ name, known, demands, builds, build, libraries }];
  });
}

/** The package again, with the extra that brings libraries, in versions for this CUDA. */
function withExtra(
  { name, known, demands, builds, build, libraries }: Need,
  cuda: string,
  { hasTorch, ofTorch }: { readonly hasTorch: boolean; readonly ofTorch: ReadonlySet<string> },
): readonly Addition[] {
  const isPinned = demands.some(
    ({ origin, specifier }) => origin !== undefined && pinnedVersion(specifier) !== undefined,
  );
  // Of several that would do, the newest is taken anyway.
  const isSplit = builds.at(-1) !== known.builds?.at(-1) && !isPinned;
  const range = isSplit ? rangeOfBuilds(known, builds) : "";
  const isAsked = demands.some((demand) => asksForCuda(known, demand));
  const needsNone = name !== "jax" && libraries.every((library) => ofTorch.has(library));
  const extra =
    isAsked || needsNone || !isUsable(build, cuda, hasTorch)
      ? ""
      : `[${(build.extra ?? "").replace("{major}", majorOf(cuda))}]`;
  if (range === "" && extra === "") return [];
  const because =
    extra === ""
      ? "newer ones are built for another CUDA"
      : "without the extra it brings no libraries of CUDA";
  return [{ line: `${name}${extra}${range}`, because }];
}

/** One that pins other versions than those chosen is of no use. */
function isUsable({ extra, pinned }: PackageBuild, cuda: string, hasTorch: boolean): boolean {
  return extra !== undefined && (pinned === undefined || (pinned === cuda && !hasTorch));
}

/** An extra brings what is not of the toolkit in the versions that fit. */
function librariesOf({ build, libraries, demands, known }: Need, cuda: string, hasTorch: boolean) {
  const hasExtra = demands.some((demand) => asksForCuda(known, demand));
  if (!hasExtra && !isUsable(build, cuda, hasTorch)) return libraries;
  const { library } = compatibility();
  return libraries.filter((name) => library[name]?.extra !== undefined);
}

/** Whether its own extra brings all that it needs in the very version that was chosen. */
function isComplete({ build, demands, known }: Need, cuda: string, hasTorch: boolean): boolean {
  const hasExtra = demands.some((demand) => asksForCuda(known, demand));
  if (hasTorch) return hasExtra || isUsable(build, cuda, hasTorch);
  return build.pinned === cuda && (hasExtra || isUsable(build, cuda, hasTorch));
}

function librariesWith(
  wanted: ReadonlyMap<string, readonly string[]>,
  cuda: string,
  { hasTorch, needs }: { readonly hasTorch: boolean; readonly needs: readonly Need[] },
): readonly Addition[] {
  const because = listed([...new Set([...wanted.values()].flat())]);
  // torch's wheels pin the versions of what they bring, and the others have to go with them.
  const lines = hasTorch
    ? wheelRequirements(wanted.keys(), cuda)
    : libraryRequirements(wanted.keys(), cuda, rangesFor(needs));
  return lines.map((line) => ({ line, because }));
}

function rangesFor(needs: readonly Need[]): ReadonlyMap<string, string> {
  const cudnn = needs.find(({ build }) => build.cudnn !== undefined)?.build.cudnn;
  return new Map(cudnn === undefined ? [] : [["cudnn", `==${cudnn}.*`]]);
}

/** What packages depend on that is of another CUDA version, and that they do without. */
function withoutOthers(found: readonly Demand[], cuda: string): readonly string[] {
  const names = new Set(found.map(({ name }) => name));
  const { optional, library, cuda: versions } = compatibility();
  const unneeded = optional
    .filter((one) => names.has(one.package))
    .flatMap(({ libraries }) => libraries)
    .flatMap((one) => library[one] ?? [])
    .flatMap((one) =>
      versions.major
        .filter(({ major }) => major !== majorOf(cuda))
        .map(({ major }) => wheelName(one, major)),
    );
  const replaced = [...names].flatMap((name) => knownPackage(name)?.replaces ?? []);
  return [...new Set([...unneeded, ...replaced])].sort();
}
