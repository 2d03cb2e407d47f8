/** A package that apt has chosen, with what it says of itself. */
export interface ChosenPackage {
  readonly name: string;
  readonly section: string;
  /** Names of each dependency, the alternatives of one together. */
  readonly depends: readonly (readonly string[])[];
  readonly provides: readonly string[];
}

/**
 * The packages that an app may need when it runs: all that it asks for, with what they depend on.
 * A package for development stays at the build, and so do the tools that it brings along; the
 * libraries that it names are what compiled code will be linked to.
 */
export function findLaunchPackages(
  packages: readonly ChosenPackage[],
  requested: readonly string[],
): ReadonlySet<string> {
  const byName = new Map<string, ChosenPackage[]>();
  for (const chosen of packages) {
    for (const name of [chosen.name, ...chosen.provides]) {
      byName.set(name, [...(byName.get(name) ?? []), chosen]);
    }
  }
  const dependenciesOf = ({ depends }: ChosenPackage) =>
    depends.flat().flatMap((name) => byName.get(name) ?? []);

  const launch = new Set<string>();
  const development = new Set<string>();
  const toLaunch = (chosen: ChosenPackage): void => {
    if (launch.has(chosen.name)) return;
    launch.add(chosen.name);
    for (const dependency of dependenciesOf(chosen)) toLaunch(dependency);
  };
  const toDevelop = (chosen: ChosenPackage): void => {
    if (development.has(chosen.name)) return;
    development.add(chosen.name);
    if (isOfCompiler(chosen)) return;
    for (const dependency of dependenciesOf(chosen)) {
      if (isDevelopment(dependency)) toDevelop(dependency);
      else if (isLibrary(dependency)) toLaunch(dependency);
    }
  };
  for (const name of requested) {
    for (const chosen of byName.get(name) ?? []) {
      if (isDevelopment(chosen)) toDevelop(chosen);
      else if (!isBuildTool(chosen.name)) toLaunch(chosen);
    }
  }
  return launch;
}

/** https://packages.debian.org/trixie/ lists the sections. */
function isDevelopment({ name, section }: ChosenPackage): boolean {
  return /(?:^|\/)libdevel$/.test(section) || /-(?:dev|headers)(?:-|$)/.test(name);
}

/** What these name besides is for compilers' own checks (-fsanitize), or in every image. */
function isOfCompiler({ name }: ChosenPackage): boolean {
  return /^(?:libgcc-\d+-dev|libstdc\+\+-\d+-dev|libc6-dev|linux-libc-dev)$/.test(name);
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
