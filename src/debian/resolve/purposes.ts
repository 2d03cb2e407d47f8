/** A package that apt has chosen, with what it says of itself. */
export interface ChosenPackage {
  readonly name: string;
  readonly section: string;
  /** Names of each dependency, the alternatives of one together. */
  readonly depends: readonly (readonly string[])[];
  readonly provides: readonly string[];
}

/** What packages are for, by name; some are for both. */
export interface Purposes {
  /** What an app may need when it runs. */
  readonly launch: ReadonlySet<string>;
  /** What compiles, and what it needs. */
  readonly build: ReadonlySet<string>;
  /** Of each of them, which request brings it: the first that does, in the order of the requests. */
  readonly requestOf: ReadonlyMap<string, string>;
}

/**
 * All that is asked for is there when the app runs, with what it depends on; only packages for
 * development are not, nor the tools that they bring along, but the libraries that they name: what
 * is compiled will be linked to them. Those of `whole` are there in any case.
 */
export function findPurposes(
  packages: readonly ChosenPackage[],
  requested: readonly string[],
  whole: ReadonlySet<string> = new Set(),
): Purposes {
  const byName = new Map<string, ChosenPackage[]>();
  for (const chosen of packages) {
    for (const name of [chosen.name, ...chosen.provides]) {
      byName.set(name, [...(byName.get(name) ?? []), chosen]);
    }
  }
  const dependenciesOf = ({ depends }: ChosenPackage) =>
    depends.flat().flatMap((name) => byName.get(name) ?? []);

  const launch = new Set<string>();
  const build = new Set<string>();
  const requestOf = new Map<string, string>();
  const addWithAll = (chosen: ChosenPackage, to: Set<string>, request: string): void => {
    if (to.has(chosen.name)) return;
    to.add(chosen.name);
    if (!requestOf.has(chosen.name)) requestOf.set(chosen.name, request);
    for (const dependency of dependenciesOf(chosen)) addWithAll(dependency, to, request);
  };
  const development = new Set<string>();
  const addLibraries = (chosen: ChosenPackage, request: string): void => {
    if (development.has(chosen.name)) return;
    development.add(chosen.name);
    if (isOfCompiler(chosen)) return;
    for (const dependency of dependenciesOf(chosen)) {
      if (isDevelopment(dependency)) addLibraries(dependency, request);
      else if (isLibrary(dependency)) addWithAll(dependency, launch, request);
    }
  };
  for (const name of requested) {
    for (const chosen of byName.get(name) ?? []) {
      if (whole.has(name)) addWithAll(chosen, launch, name);
      else if (isDevelopment(chosen)) addLibraries(chosen, name);
      else if (!isBuildTool(chosen.name)) addWithAll(chosen, launch, name);
      if (isDevelopment(chosen) || isForBuilds(chosen)) addWithAll(chosen, build, name);
    }
  }
  return { launch, build, requestOf };
}

/** https://packages.debian.org/trixie/ lists the sections. */
function isDevelopment({ name, section }: ChosenPackage): boolean {
  return /(?:^|\/)libdevel$/.test(section) || /-(?:dev|headers)(?:-|$)/.test(name);
}

/** What these name besides is for compilers' own checks (-fsanitize), or in every image. */
function isOfCompiler({ name }: ChosenPackage): boolean {
  return /^(?:libgcc-\d+-dev|libstdc\+\+-\d+-dev|libc6-dev|linux-libc-dev)$/.test(name);
}

/** Compilers, generators, version control: what a setup.py may call. */
function isForBuilds({ name, section }: ChosenPackage): boolean {
  return isBuildTool(name) || /-jdk(?:-|$)/.test(name) || FOR_BUILDS.test(section);
}

function isLibrary({ section }: ChosenPackage): boolean {
  return /(?:^|\/)(?:libs|oldlibs|introspection)$/.test(section);
}

/**
 * Programs that only build others. Compilers by their own name are not among them: PyTorch and
 * Triton call one when the app runs.
 */
export function isBuildTool(name: string): boolean {
  return BUILD_TOOLS.has(name);
}

const FOR_BUILDS = /(?:^|\/)(?:devel|golang|haskell|ocaml|rust|vcs)$/;

const BUILD_TOOLS = new Set([
  "autoconf",
  "automake",
  "autotools-dev",
  "bison",
  "build-essential",
  "cmake",
  "debhelper",
  "dpkg-dev",
  "flex",
  "libtool",
  "libtool-bin",
  "make",
  "meson",
  "nasm",
  "ninja-build",
  "pkg-config",
  "pkgconf",
  "swig",
  "yasm",
]);
