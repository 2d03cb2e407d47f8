import { satisfies, valid, validRange } from "@renovatebot/pep440";
import { normalizeName } from "../../lock.ts";
import { evaluateMarker, type MarkerEnvironment, MarkerError } from "../../markers.ts";
import { allowsPython } from "../../uv/releases.ts";
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
  return onceEach(chosen.filter(({ name }) => !left.has(normalizeName(name))));
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
  try {
    return marker === undefined || evaluateMarker(marker, environment);
  } catch (error) {
    if (!(error instanceof MarkerError)) throw error;
    throw invalid({ line: undefined, issue: error.message }, error);
  }
}

/** A package with extras stands besides the one without; both are one distribution. */
function onceEach(chosen: readonly LockedPackage[]): readonly LockedPackage[] {
  const byName = new Map<string, LockedPackage>();
  for (const item of chosen) {
    const name = normalizeName(item.name);
    const other = byName.get(name);
    if (other !== undefined && other.version !== item.version) {
      const issue = `${name} ${other.version} and ${name} ${item.version}, both for this Python and platform with these groups and extras`;
      throw invalid({ line: undefined, issue });
    }
    if (other === undefined || (item.extras ?? []).length === 0) byName.set(name, item);
  }
  return [...byName.values()];
}
