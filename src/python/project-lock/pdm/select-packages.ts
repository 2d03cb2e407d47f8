import { satisfies, valid, validRange } from "@renovatebot/pep440";
import { normalizeName } from "../../lock.ts";
import type { MarkerEnvironment } from "../../markers.ts";
import { allowsPython } from "../../uv/releases.ts";
import { markerHolds } from "../marker-holds.ts";
import { onceEach } from "../once-each.ts";
import { linesOf } from "./groups.ts";
import { invalid, type LockedPackage, type PdmLock } from "./lock-file.ts";
import type { PdmProject } from "./project.ts";
import { parseWanted, type Wanted } from "./requirement.ts";

interface Given {
  readonly lock: PdmLock;
  readonly project: PdmProject;
  /** Normalised, "default" among them. */
  readonly groups: readonly string[];
  readonly environment: MarkerEnvironment;
}

/** The packages that are installed here, each once, without the app itself. */
export function selectPackages(given: Given): readonly LockedPackage[] {
  const { lock, project } = given;
  const { name: own } = project.project;
  const left = new Set(
    [...(project.pdm.resolution?.excludes ?? []), ...(own === undefined ? [] : [own])].map(
      normalizeName,
    ),
  );
  const chosen = lock.hasGroups ? selectByGroups(given) : selectByWalk(given, left);
  return once(chosen.filter(({ name }) => !left.has(normalizeName(name))));
}

function selectByGroups({ lock, groups, environment }: Given): readonly LockedPackage[] {
  return lock.packages.filter(
    (item) =>
      holds(item.marker, environment) &&
      (item.groups === undefined ||
        item.groups.some((name) => groups.includes(normalizeName(name)))),
  );
}

/** From the project's own dependencies to those of the packages: such a lock lists no groups. */
function selectByWalk(
  { lock, project, groups, environment }: Given,
  left: ReadonlySet<string>,
): readonly LockedPackage[] {
  const chosen = new Set<LockedPackage>();
  const queue = [...linesOf(groups, project)];
  for (let line = queue.shift(); line !== undefined; line = queue.shift()) {
    const wanted = parseWanted(line);
    if (wanted === undefined) {
      throw invalid({
        line: undefined,
        issue: `'${line}', which is no dependency as PDM writes it`,
      });
    }
    if (left.has(wanted.name) || !holds(wanted.marker, environment)) continue;
    const item = find(lock.packages, wanted, environment);
    if (item === undefined) {
      throw invalid({ line: undefined, issue: `no package for '${line}', which is asked for` });
    }
    if (chosen.has(item)) continue;
    chosen.add(item);
    queue.push(...(item.dependencies ?? []));
  }
  return [...chosen];
}

/** Overrides lock versions that nobody's specifier allows, so that one of the name will do. */
function find(
  packages: readonly LockedPackage[],
  { name, extras, specifier }: Wanted,
  environment: MarkerEnvironment,
): LockedPackage | undefined {
  const python = environment.variables["python_full_version"] ?? "";
  const named = packages.filter(
    (item) =>
      normalizeName(item.name) === name &&
      (item.extras ?? []).map(normalizeName).sort().join(",") === extras.join(","),
  );
  const fitting = named.find(
    ({ version = "", requires_python: required = "" }) =>
      isAllowed(version, specifier) && (required === "" || allowsPython(required, python)),
  );
  return fitting ?? named[0];
}

/** What can't be read excludes nothing: PDM itself has read it. */
export function isAllowed(version: string, specifier: string): boolean {
  return (
    specifier === "" ||
    valid(version) === null ||
    !validRange(specifier) ||
    satisfies(version, specifier, { prereleases: true })
  );
}

function holds(marker: string | undefined, environment: MarkerEnvironment): boolean {
  return markerHolds(marker, environment, (issue, cause) =>
    invalid({ line: undefined, issue }, cause),
  );
}

/** A package with extras stands besides the one without, which is taken; both are one distribution. */
function once(chosen: readonly LockedPackage[]): readonly LockedPackage[] {
  const extrasLast = chosen.toSorted((a, b) => countOfExtras(a) - countOfExtras(b));
  return onceEach(extrasLast, {
    nameOf: ({ name }) => name,
    describe: ({ version = "" }) => version,
    isSame: (first, second) => first.version === second.version,
    invalid: (issue) => invalid({ line: undefined, issue }),
  });
}

function countOfExtras({ extras = [] }: LockedPackage): number {
  return extras.length;
}
