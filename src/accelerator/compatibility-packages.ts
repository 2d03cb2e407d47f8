import { compatibility } from "./compatibility.ts";
import type { KnownPackage, PackageBuild } from "./compatibility-schema.ts";
import type { Demand } from "./demand.ts";
import { boundsOf, inRange, isTouched, joinedRange, pinnedVersion } from "./versions.ts";

/** What the data has on a package; undefined for the many that have nothing to do with GPUs. */
export function knownPackage(name: string): KnownPackage | undefined {
  const { exact, patterns } = namedPackages();
  return exact.get(name) ?? patterns.find(({ pattern }) => pattern.test(name))?.known;
}

/** Builds of a package that a demand leaves for a Python, oldest first; none of what is not known. */
export function buildsFor(
  { builds = [] }: KnownPackage,
  specifier: string,
  python?: string,
): readonly PackageBuild[] {
  return builds.filter(
    (build) =>
      isTouched(specifier, boundsOf(build.versions)) &&
      (python === undefined || isForPython(build, python)),
  );
}

export function isForPython(
  { python: range }: { readonly python?: string | undefined },
  python: string,
): boolean {
  return range === undefined || python === "" || inRange(python, range);
}

/** Versions of these builds as a range behind the name: ">=1.19,<1.27". */
export function rangeOfBuilds(
  { builds: all = [] }: KnownPackage,
  builds: readonly PackageBuild[],
): string {
  return joinedRange(
    builds.map(({ versions }) => boundsOf(versions)),
    builds.at(-1) === all.at(-1),
  );
}

/**
 * Major versions of CUDA that a demand is for by its extras ("jax[cuda13]"), or else by the
 * versions that it leaves; undefined where any may be.
 */
export function majorsOf(
  known: KnownPackage,
  { specifier, extras }: Demand,
  python: string,
): ReadonlySet<string> | undefined {
  const ofExtras = extras.flatMap((extra) => /^cuda(1\d)/.exec(extra)?.[1] ?? []);
  if (ofExtras.length > 0) return new Set(ofExtras);
  const fitting = buildsFor(known, specifier, python);
  // Without one for this Python, another message tells that.
  const builds = fitting.length > 0 ? fitting : buildsFor(known, specifier);
  const majors = builds.flatMap(({ cuda }) => cuda);
  return majors.length === 0 ? undefined : new Set(majors);
}

/** Whether it is compiled against torch, for the CUDA of torch's own wheels on PyPI. */
export function isBuiltWithTorch(name: string): boolean {
  return knownPackage(name)?.["with-torch"] === true;
}

/** Whether a demand asks for CUDA's libraries by an extra: "jax[cuda13]", "tensorflow[and-cuda]". */
export function asksForCuda({ builds = [] }: KnownPackage, { extras }: Demand): boolean {
  const bringing = new Set(builds.flatMap(({ extra }) => extra?.split(",") ?? []));
  return extras.some((extra) => bringing.has(extra) || /^cuda(?:1\d)?(?:[-_]|$)/.test(extra));
}

interface NamedPackages {
  readonly exact: ReadonlyMap<string, KnownPackage>;
  readonly patterns: readonly { readonly pattern: RegExp; readonly known: KnownPackage }[];
}

let named: NamedPackages | undefined;

function namedPackages(): NamedPackages {
  if (named !== undefined) return named;
  const all = compatibility().package.flatMap((known) =>
    known.names.map((name) => ({ name, known })),
  );
  named = {
    exact: new Map(all.map(({ name, known }) => [name, known])),
    patterns: all
      .filter(({ name }) => name.includes("*"))
      .map(({ name, known }) => ({
        pattern: new RegExp(`^${name.replaceAll("*", ".*")}$`),
        known,
      })),
  };
  return named;
}

/** "tensorflow 2.15.1", "jax[cuda13]", "onnxruntime-gpu<1.20" */
export function describePackage({ name, specifier, extras }: Demand): string {
  const pinned = pinnedVersion(specifier);
  const bracket = extras.length === 0 ? "" : `[${extras.join(",")}]`;
  return pinned === undefined ? `${name}${bracket}${specifier}` : `${name}${bracket} ${pinned}`;
}
