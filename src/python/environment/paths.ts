import { dirname, join, posix } from "node:path";
import type { Interpreter } from "../interpreter.ts";

/** The layer that holds the virtual environment, and the distributions that have programs. */
export const ENVIRONMENT_LAYER = "environment";

/** site-packages relative to a virtual environment: "lib/python3.13/site-packages". */
export function sitePackagesIn(interpreter: Pick<Interpreter, "minor">): string {
  return `lib/python${interpreter.minor}/site-packages`;
}

/** The directory that the interpreter is installed in: it is `bin/python3.13` there. */
export function prefixOf({ path }: Pick<Interpreter, "path">): string {
  return dirname(dirname(path));
}

/**
 * A sub-directory: a `lib` at a layer's root would land in LD_LIBRARY_PATH.
 * https://github.com/buildpacks/spec/blob/buildpack/0.10/buildpack.md#layer-paths
 */
export function venvPath(layersDir: string): string {
  return join(layersDir, ENVIRONMENT_LAYER, "venv");
}

/**
 * The same as another buildpack knows it, with its own layers directory: they lie side by side. The
 * run images' PATH names it, too.
 */
export function venvPathBeside(layersDir: string): string {
  return venvPath(join(dirname(layersDir), "ml-buildpacks_site-packages"));
}

/** Where a layer of its own keeps a file that the wheel puts at `path`, relative to the venv. */
export function placeInLayer(path: string, interpreter: Pick<Interpreter, "minor">): string {
  const site = `${sitePackagesIn(interpreter)}/`;
  if (path.startsWith(site)) return `site-packages/${path.slice(site.length)}`;
  // The lifecycle adds a layer's bin to PATH.
  if (path.startsWith("bin/")) return path;
  return `data/${path}`;
}

/** A path of a RECORD, which is relative to site-packages, relative to the venv. */
export function pathInVenv(recorded: string, interpreter: Pick<Interpreter, "minor">): string {
  return posix.normalize(`${sitePackagesIn(interpreter)}/${recorded}`);
}
