/**
 * What decides where an installed distribution goes, known from its RECORD and its libraries; kept
 * in layer metadata, so that the decision can be made again without the files.
 */
export interface Footprint {
  /** On disk with bytecode, in kilobytes of 1000 bytes. */
  readonly kilobytes: number;
  /**
   * What it adds to the import system, as paths in site-packages: `numpy` and `google/cloud/storage`
   * are regular packages or modules, `nvidia/cu13/` is a directory without `__init__.py` that holds
   * files.
   */
  readonly packages: readonly string[];
  /**
   * Its files outside site-packages, relative to the venv, or directories of such that are its
   * own: `bin/torchrun`, `share/jupyter/labextensions/plotly`.
   */
  readonly outside: readonly string[];
  /** Paths in site-packages that its libraries or code look for, although others own them. */
  readonly siblings: readonly string[];
  /** Ships a `.pth` file, which Python reads in the venv's own site-packages only. */
  readonly startup: boolean;
  /** Whether it took so long to make that it has a layer of its own, whatever it weighs. */
  readonly apart: boolean;
}

/** The directory that NVIDIA's wheels share. */
export const NVIDIA = "nvidia";

/** The venv's `lib`, seen from site-packages: MKL's and other wheels put libraries there. */
export const VENV_LIBRARIES = "../..";

/** Top levels that are in wheels by accident, and would tie strangers together. */
export const ACCIDENTAL = new Set([
  "benchmark",
  "benchmarks",
  "doc",
  "docs",
  "example",
  "examples",
  "sample",
  "samples",
  "scripts",
  "test",
  "tests",
]);

/** The packages that a distribution's files make. Paths are relative to site-packages. */
export function packagesIn(paths: readonly string[]): readonly string[] {
  const root = newDirectory();
  for (const path of paths) {
    const names = path.split("/");
    const [top = ""] = names;
    if (top === ".." || top === "" || top.endsWith(".dist-info") || top.endsWith(".data")) continue;
    addPath(root, names);
  }
  return [
    ...modulesOf(root, ""),
    ...[...root.directories].flatMap(([name, directory]) =>
      ACCIDENTAL.has(name) || !IMPORTABLE.test(name) ? [] : packagesOf(directory, name),
    ),
  ].sort();
}

/**
 * Directories as near to the root are shared by many distributions (`share/man/man1`,
 * `etc/jupyter/nbconfig`); those below usually belong to one.
 */
const DEPTH_OF_SHARED = 4;
const DEPTH_OUTSIDE = 6;
/** A directory with more files than this is named in place of its files. */
const MANY_FILES = 8;

export function outsideOf(pathsInVenv: readonly string[], sitePackages: string): readonly string[] {
  const outside = pathsInVenv.filter((path) => !path.startsWith(`${sitePackages}/`));
  const files = new Map<string, number>();
  for (const path of outside) {
    const directory = firstNames(path, DEPTH_OF_SHARED);
    files.set(directory, (files.get(directory) ?? 0) + 1);
  }
  const named = outside.map((path) => {
    const directory = firstNames(path, DEPTH_OF_SHARED);
    return (files.get(directory) ?? 0) > MANY_FILES ? directory : firstNames(path, DEPTH_OUTSIDE);
  });
  return [...new Set(named)].sort();
}

function firstNames(path: string, count: number): string {
  return path.split("/").slice(0, count).join("/");
}

interface Directory {
  readonly directories: Map<string, Directory>;
  readonly files: string[];
}

const IMPORTABLE = /^[\p{L}_][\p{L}\p{N}_]*$/u;
const MODULE = /^([^.]+)\.(?:py|so|(?:cpython|abi3|pypy)[^/]*\.so)$/;

function newDirectory(): Directory {
  return { directories: new Map(), files: [] };
}

function addPath(root: Directory, names: readonly string[]): void {
  let directory = root;
  for (const name of names.slice(0, -1)) {
    const next = directory.directories.get(name) ?? newDirectory();
    directory.directories.set(name, next);
    directory = next;
  }
  directory.files.push(names.at(-1) ?? "");
}

function packagesOf(directory: Directory, path: string): readonly string[] {
  const modules = modulesOf(directory, `${path}/`);
  if (modules.includes(`${path}/__init__`)) return [path];
  // Hundreds of directories of libraries and headers, which are all grouped alike.
  if (path === NVIDIA) return [`${path}/`];
  const below = [...directory.directories].flatMap(([name, inner]) =>
    IMPORTABLE.test(name) ? packagesOf(inner, `${path}/${name}`) : [`${path}/`],
  );
  // A tree without code is named once, however many directories it has.
  if (modules.length === 0 && below.every((one) => one.endsWith("/"))) return [`${path}/`];
  const loose = directory.files.length > modules.length ? [`${path}/`] : [];
  return [...new Set([...loose, ...modules, ...below])];
}

function modulesOf(directory: Directory, prefix: string): readonly string[] {
  const names = directory.files.map((file) => MODULE.exec(file)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].map((name) => prefix + name);
}
