import { describeOrigin } from "../kit/origin.ts";
import { compatibility } from "./compatibility.ts";
import type { CudaLibrary } from "./compatibility-schema.ts";
import { knownPackage } from "./compatibility-packages.ts";
import type { Demand } from "./demand.ts";
import { compareVersions, majorOf, pinnedVersion } from "./versions.ts";

/**
 * CUDA's libraries among installed packages, by CUDA's major version: "12" to
 * ["nvidia-cublas-cu12", …]. NVIDIA's packages that hold none of them do not count.
 */
export function cudaMajors(names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const byMajor = new Map<string, string[]>();
  for (const name of names) {
    const major = libraryWheels().get(name)?.major;
    if (major !== undefined) byMajor.set(major, [...(byMajor.get(major) ?? []), name]);
  }
  return byMajor;
}

/** Whether one of the packages finds CUDA's libraries by the loader's path alone. */
export function needsLibraryPath(names: readonly string[]): boolean {
  return names.some((name) => knownPackage(name)?.loader === true);
}

/** Requirements that bring libraries for a CUDA version: all of one toolkit, where PyPI has it. */
export function libraryRequirements(
  names: Iterable<string>,
  cuda: string,
  ranges: ReadonlyMap<string, string> = new Map(),
): readonly string[] {
  const hasToolkit = compatibility().cuda.release.some(
    ({ version, pypi }) => version === cuda && pypi === true,
  );
  // What they need themselves would come in its newest version, of another toolkit.
  const wanted = librariesFor(hasToolkit ? withNeeded(names, cuda) : names, cuda);
  const extras = hasToolkit ? wanted.flatMap(([, { extra }]) => extra ?? []).sort() : [];
  const others = wanted.filter(([, { extra }]) => !hasToolkit || extra === undefined);
  return [
    ...(extras.length > 0 ? [`cuda-toolkit[${extras.join(",")}]==${cuda}.*`] : []),
    ...others.map(
      ([name, library]) => `${wheelName(library, majorOf(cuda))}${ranges.get(name) ?? ""}`,
    ),
  ];
}

/** The same by the names of their wheels, for an image where torch decides the versions. */
export function wheelRequirements(names: Iterable<string>, cuda: string): readonly string[] {
  return librariesFor(names, cuda).map(([, library]) => wheelName(library, majorOf(cuda)));
}

/** The CUDA version that packages bring, "13.2", by its run-time libraries; names are normalised. */
export function cudaVersionIn(
  packages: readonly { readonly name: string; readonly version?: string | undefined }[],
): string | undefined {
  // cudart stands first: others may be newer than the rest where nothing pins them.
  const runtime = [...libraryWheels()].filter(([, wheel]) => isOfRuntime(wheel));
  const found = runtime.flatMap(([wheel]) => packages.find(({ name }) => name === wheel) ?? []);
  return /^\d+\.\d+/.exec(found[0]?.version ?? "")?.[0];
}

/** Those of these names that are CUDA's libraries, of whichever version. */
export function cudaLibrariesIn(names: readonly string[]): readonly string[] {
  return [...cudaMajors(names).values()].flat();
}

/** The library that a wheel has, as `libraries` in hardware.txt names it. */
export function libraryOf(wheel: string): string | undefined {
  return libraryWheels().get(wheel)?.library;
}

/** The CUDA version that pinned wheels of NVIDIA are of: those of the runtime have its number. */
export function pinnedCuda(
  demands: readonly Demand[],
): readonly { readonly demand: Demand; readonly cuda: string }[] {
  return demands.flatMap((demand) => {
    const wheel = libraryWheels().get(demand.name);
    if (demand.origin === undefined || !isOfRuntime(wheel)) return [];
    const [major, minor] = (pinnedVersion(demand.specifier) ?? "").split(".");
    return minor === undefined ? [] : [{ demand, cuda: `${major}.${minor}` }];
  });
}

/** All names of wheels with CUDA's libraries, and of what is left out with them. */
export function cudaWheelNames(): readonly string[] {
  return [...libraryWheels().keys(), ...compatibility()["left-out"].names].sort();
}

/** Names of wheels that these depend on, and so on. */
export function withNeededWheels(names: readonly string[]): ReadonlySet<string> {
  const all = new Set<string>();
  const queue = [...names];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (all.has(name)) continue;
    all.add(name);
    const wheel = libraryWheels().get(name);
    const { library } = compatibility();
    for (const needed of library[wheel?.library ?? ""]?.needs ?? []) {
      const one = library[needed];
      if (one !== undefined && wheel !== undefined) queue.push(wheelName(one, wheel.major));
    }
  }
  return all;
}

/** "hardware.txt, line 3 (libraries cudnn)" */
export function describeLine({
  origin,
  text,
}: Pick<Demand, "text"> & Required<Pick<Demand, "origin">>): string {
  return `${describeOrigin(origin)} (${text})`;
}

/** "nvidia-cublas-cu12", "nvidia-cublas"; a major version that is newer than all is named as the last. */
export function wheelName({ wheel, suffix }: CudaLibrary, major: string): string {
  const known = compatibility().cuda.major.find((one) => one.major === major);
  return suffix === true || known?.suffix === true ? `${wheel}-cu${major}` : wheel;
}

function isOfRuntime(wheel: LibraryWheel | undefined): boolean {
  return compatibility().library[wheel?.library ?? ""]?.kind === "runtime";
}

function librariesFor(names: Iterable<string>, cuda: string): readonly [string, CudaLibrary][] {
  return [...new Set(names)].sort().flatMap((name): readonly [string, CudaLibrary][] => {
    const library = compatibility().library[name];
    const isThere =
      library !== undefined &&
      (library.first === undefined || compareVersions(cuda, library.first) >= 0);
    return isThere ? [[name, library]] : [];
  });
}

function withNeeded(names: Iterable<string>, cuda: string): ReadonlySet<string> {
  const all = new Set<string>();
  const queue = [...names];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (all.has(name)) continue;
    all.add(name);
    const { needs = [], "needs-since": since } = compatibility().library[name] ?? {};
    if (since === undefined || compareVersions(cuda, since) >= 0) queue.push(...needs);
  }
  return all;
}

interface LibraryWheel {
  readonly library: string;
  readonly major: string;
}

let wheels: ReadonlyMap<string, LibraryWheel> | undefined;

function libraryWheels(): ReadonlyMap<string, LibraryWheel> {
  const { cuda, library } = compatibility();
  wheels ??= new Map(
    Object.entries(library).flatMap(([name, one]) =>
      cuda.major.map(({ major }) => [wheelName(one, major), { library: name, major }] as const),
    ),
  );
  return wheels;
}
