import { readdir, readFile, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import { readElf } from "../../kit/elf.ts";
import type { Interpreter } from "../interpreter.ts";
import { normalizeName } from "../lock.ts";
import { type Footprint, NVIDIA, outsideOf, packagesIn, VENV_LIBRARIES } from "./footprint.ts";
import { pathInVenv, sitePackagesIn } from "./paths.ts";
import { parseRecord, type RecordEntry } from "./record-file.ts";
import { HEAVY } from "./split.ts";

/** A distribution as it lies in a virtual environment. */
export interface Installed {
  /** Normalised. */
  readonly name: string;
  /** "numpy-2.2.6.dist-info" */
  readonly infoDirectory: string;
  readonly record: readonly RecordEntry[];
}

/** Everything that lies in the venv's site-packages, by normalised name. */
export async function readInstalled(
  venv: string,
  interpreter: Interpreter,
): Promise<ReadonlyMap<string, Installed>> {
  const site = join(venv, sitePackagesIn(interpreter));
  const directories = (await readdir(site)).filter((name) => name.endsWith(".dist-info")).sort();
  const installed = await Promise.all(
    directories.map(async (infoDirectory): Promise<Installed> => {
      const stem = infoDirectory.slice(0, -".dist-info".length);
      const record = await readFile(join(site, infoDirectory, "RECORD"), "utf8");
      return {
        name: normalizeName(stem.slice(0, stem.lastIndexOf("-"))),
        infoDirectory,
        record: parseRecord(record),
      };
    }),
  );
  return new Map(installed.map((one) => [one.name, one]));
}

export async function footprintOf(
  { record }: Installed,
  venv: string,
  interpreter: Interpreter,
  apart: boolean,
): Promise<Footprint> {
  const site = join(venv, sitePackagesIn(interpreter));
  const entries = record.filter(({ path }) => !isBytecode(path));
  const paths = entries.map(({ path }) => path);
  const packages = packagesIn(paths);
  const kilobytes = Math.ceil((await weigh(entries, site)) / 1000);
  return {
    kilobytes,
    packages,
    outside: outsideOf(
      paths.map((path) => pathInVenv(path, interpreter)),
      sitePackagesIn(interpreter),
    ),
    siblings: await siblingsOf(paths, packages, site, apart || kilobytes > HEAVY),
    startup: paths.some((path) => path.endsWith(".pth") && !path.includes("/")),
    apart,
  };
}

export function isBytecode(path: string): boolean {
  return path.includes("__pycache__/");
}

/** In bytes. A source file counts twice, since its bytecode is about as large. */
async function weigh(entries: readonly RecordEntry[], site: string): Promise<number> {
  const sizes = entries.map(async ({ path, size }) => {
    const bytes = size ?? (await stat(join(site, path))).size;
    return path.endsWith(".py") ? 2 * bytes : bytes;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** A shared object, by its name. */
export const LIBRARY = /\.so(\.[^/]*)?$/;

/**
 * Found by the libraries' run paths, which the loader follows from where they really lie. NVIDIA's
 * directory is also looked for by Python code (JAX, Numba), which says so by name; a light
 * distribution lies in the venv, where the directory is linked for all.
 */
async function siblingsOf(
  paths: readonly string[],
  packages: readonly string[],
  site: string,
  isHeavy: boolean,
): Promise<readonly string[]> {
  const siblings = new Set<string>();
  for (const path of paths.filter((one) => LIBRARY.test(one))) {
    for (const runPath of (await readElf(join(site, path)))?.runPaths ?? []) {
      const sibling = siblingPath(path, runPath);
      if (sibling !== undefined && isAnothers(sibling, packages)) siblings.add(sibling);
    }
  }
  const mayMention = isHeavy && isAnothers(NVIDIA, packages) && !siblings.has(NVIDIA);
  if (mayMention && (await mentionsNvidia(paths, site))) siblings.add(NVIDIA);
  return [...siblings].sort();
}

function siblingPath(library: string, runPath: string): string | undefined {
  const [, below] = /^\$(?:ORIGIN|\{ORIGIN\})(?:\/(.*))?$/.exec(runPath) ?? [];
  if (below === undefined) return undefined;
  const path = posix.join(posix.dirname(library), below).replace(/\/$/, "");
  if (library.startsWith("..") || path === ".") return undefined;
  if (path.startsWith("..")) return path === VENV_LIBRARIES ? path : undefined;
  return path.startsWith(`${NVIDIA}/`) ? NVIDIA : path;
}

/**
 * Bazel leaves hundreds of run paths that lead nowhere: into the package itself, or to directories
 * like `_solib_x86_64`.
 */
function isAnothers(path: string, own: readonly string[]): boolean {
  if (path.startsWith("_")) return false;
  return !own.some((one) => `${path}/`.startsWith(one.endsWith("/") ? one : `${one}/`));
}

async function mentionsNvidia(paths: readonly string[], site: string): Promise<boolean> {
  for (const path of paths.filter((one) => one.endsWith(".py"))) {
    const source = await readFile(join(site, path), "latin1");
    if (/["'/]nvidia["'/]/.test(source)) return true;
  }
  return false;
}
