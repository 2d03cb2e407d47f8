import { compare } from "@renovatebot/pep440";
import { normalizeName } from "../../lock.ts";
import { isForPython } from "./constraint.ts";
import { type Dependency, isActive, listDependencies } from "./dependency.ts";
import { fits } from "./fits.ts";
import type { LockedPackage } from "./lock-file.ts";
import type { PoetryTable } from "./project.ts";
import { MAIN_GROUP, type Wanted } from "./wanted.ts";

/** Where the locked packages have no answer for this Python and platform. */
export class WalkError extends Error {
  override readonly name = "WalkError";
  /** Whether only the Python is wrong. */
  readonly isPython: boolean;

  constructor(message: string, isPython: boolean) {
    super(message);
    this.isPython = isPython;
  }
}

/**
 * Of lock-versions before 2.1: what the project asks for, and what that depends on. Of a package
 * that is locked several times, the highest version that fits whoever asks for it. Throws a
 * {@link WalkError} or a MarkerError.
 */
export function selectByWalk(
  packages: readonly LockedPackage[],
  project: PoetryTable,
  wanted: Wanted,
): readonly LockedPackage[] {
  const walk = new Walk(packages, wanted);
  const chosen = walk.follow({
    queue: rootDependencies(project, wanted),
    chosen: new Map(),
    seen: new Set(),
  });
  if (chosen === undefined) throw new WalkError(walk.explain(), false);
  return [...chosen.values()];
}

/** https://python-poetry.org/docs/managing-dependencies/ */
function rootDependencies(
  project: PoetryTable,
  { groups, extras, environment }: Wanted,
): readonly Dependency[] {
  const inExtras = new Set(
    Object.entries(project.extras ?? {})
      .filter(([extra]) => extras.has(normalizeName(extra)))
      .flatMap(([, names]) => names.map(normalizeName)),
  );
  const main = listDependencies(project.dependencies).filter(
    ({ name, optional }) => name !== "python" && (optional !== true || inExtras.has(name)),
  );
  const others = Object.entries(project.group ?? {})
    .filter(([group]) => groups.has(normalizeName(group)) && normalizeName(group) !== MAIN_GROUP)
    .flatMap(([, { dependencies }]) => listDependencies(dependencies));
  const dev = groups.has("dev") ? listDependencies(project["dev-dependencies"]) : [];
  return [...main, ...others, ...dev].filter((dependency) => isActive(dependency, environment));
}

interface State {
  readonly queue: readonly Dependency[];
  /** By normalised names. */
  readonly chosen: ReadonlyMap<string, LockedPackage>;
  /** "name[extras]" of what has been followed. */
  readonly seen: ReadonlySet<string>;
}

class Walk {
  readonly #locked = new Map<string, readonly LockedPackage[]>();
  readonly #environment: Wanted["environment"];
  #conflict = "";

  constructor(packages: readonly LockedPackage[], { environment }: Wanted) {
    this.#environment = environment;
    for (const item of packages.toSorted((a, b) => compare(b.version, a.version))) {
      const name = normalizeName(item.name);
      this.#locked.set(name, [...(this.#locked.get(name) ?? []), item]);
    }
  }

  explain(): string {
    return this.#conflict;
  }

  /** Undefined where no choice fits all that follows from it. */
  follow(state: State): ReadonlyMap<string, LockedPackage> | undefined {
    const queue = [...state.queue];
    const chosen = new Map(state.chosen);
    const seen = new Set(state.seen);
    for (let at = 0; at < queue.length; at += 1) {
      const dependency = queue[at];
      if (dependency === undefined || this.#isLeftOut(dependency.name)) continue;
      const candidates = this.#candidates(dependency, chosen);
      const [only, ...others] = candidates;
      if (only === undefined) return undefined;
      if (others.length > 0) {
        const rest = queue.slice(at);
        for (const candidate of candidates) {
          const next = new Map(chosen).set(dependency.name, candidate);
          const found = this.follow({ queue: rest, chosen: next, seen });
          if (found !== undefined) return found;
        }
        return undefined;
      }
      chosen.set(dependency.name, only);
      const key = `${dependency.name}[${dependency.extras.toSorted().join(",")}]`;
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push(...this.#dependenciesOf(only, dependency.extras));
    }
    return chosen;
  }

  /** Poetry before 1.2 locked none of these. */
  #isLeftOut(name: string): boolean {
    return !this.#locked.has(name) && ["setuptools", "distribute", "pip", "wheel"].includes(name);
  }

  #candidates(dependency: Dependency, chosen: State["chosen"]): readonly LockedPackage[] {
    const { name } = dependency;
    const all = this.#locked.get(name);
    if (all === undefined) throw new WalkError(`${name} is asked for and not listed`, false);
    const version = this.#environment.variables["python_full_version"] ?? "";
    const forPython = all.filter(({ "python-versions": python = "*" }) =>
      isForPython(python, version),
    );
    if (forPython.length === 0) {
      const listed = all.map((item) => `${item.version} for Python ${item["python-versions"]}`);
      throw new WalkError(
        `${name} is only there as ${listed.join(", ")}; the app's is ${version}`,
        true,
      );
    }
    // What is locked once was resolved for all of them.
    if (all.length === 1) return forPython;
    const earlier = chosen.get(name);
    const fitting = (earlier === undefined ? forPython : [earlier]).filter((item) =>
      fits(dependency, item),
    );
    if (fitting.length === 0) {
      const versions = all.map((item) => item.version).join(", ");
      this.#conflict = `none of the versions ${versions} of ${name} fits all that ask for it on Python ${version}`;
    }
    return fitting;
  }

  #dependenciesOf(item: LockedPackage, extras: readonly string[]): readonly Dependency[] {
    const found = expandExtras(item, extras);
    const environment = {
      ...this.#environment,
      sets: { ...this.#environment.sets, extras: found.extras },
    };
    return listDependencies(item.dependencies).filter(
      (dependency) =>
        (dependency.optional !== true || this.#isBrought(dependency, found.names)) &&
        isActive(dependency, environment),
    );
  }

  /** Poetry before 2.1 did not follow extras that name others, and so may not have locked those. */
  #isBrought({ name }: Dependency, names: ReadonlySet<string>): boolean {
    return names.has(name) && this.#locked.has(name);
  }
}

/** The names that extras bring, also those that name the package's own ("all = ['app[a,b]']"). */
function expandExtras(
  item: LockedPackage,
  asked: readonly string[],
): { readonly extras: readonly string[]; readonly names: ReadonlySet<string> } {
  const brought = new Map(
    Object.entries(item.extras ?? {}).map(([extra, lines]) => [normalizeName(extra), lines]),
  );
  const extras = new Set(asked);
  const names = new Set<string>();
  // A set that grows while it is gone through is gone through to its end.
  for (const extra of extras) {
    for (const line of brought.get(extra) ?? []) {
      const [, name = "", further = ""] = /^\s*([\w.-]+)\s*(?:\[([^\]]*)\])?/.exec(line) ?? [];
      names.add(normalizeName(name));
      if (normalizeName(name) !== normalizeName(item.name)) continue;
      for (const one of further.split(",")) extras.add(normalizeName(one.trim()));
    }
  }
  return { extras: [...extras], names };
}
