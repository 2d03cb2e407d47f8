import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** A shared library of one of NVIDIA's wheels. */
export interface SharedLibrary {
  /** Relative to site-packages: "nvidia/cudnn/lib/libcudnn.so.9". */
  readonly path: string;
  /**
   * Where it belongs in a directory of libraries: "libcudnn.so.9". Plugins stay below the library
   * that looks for them next to itself: "extensions/libnvjpeg_ext.so.0.9.0".
   */
  readonly place: string;
}

/**
 * What the loader opens of NVIDIA's wheels in site-packages, sorted by path; the first counts where
 * two have one place. Not the second copies of NVRTC ("libnvrtc.alt.so.13"), whose names nothing is
 * linked with. Directories that are links belong to others.
 */
export async function librariesIn(site: string): Promise<readonly SharedLibrary[]> {
  const paths = (await Promise.all(ROOTS.map((root) => filesBelow(site, root))))
    .flat()
    .filter(isLibrary)
    .sort();
  const directories = new Set(paths.map(directoryOf));
  const places = new Set<string>();
  return paths.flatMap((path) => {
    const place = path.slice(libraryDirectory(path, directories).length + 1);
    if (places.has(place)) return [];
    places.add(place);
    return [{ path, place }];
  });
}

/** What NVIDIA's wheels add to site-packages: cuTENSOR, and cuSPARSELt before 0.7, have their own. */
const ROOTS = ["cusparselt", "cutensor", "nvidia"];

async function filesBelow(site: string, root: string): Promise<readonly string[]> {
  const stats = await lstat(join(site, root)).catch(() => undefined);
  if (stats?.isDirectory() !== true) return [];
  return (await readdir(join(site, root), { recursive: true })).map((path) => `${root}/${path}`);
}

/** Most are in `lib` or `lib64`; those next to Python's own extension modules begin with "lib". */
function isLibrary(path: string): boolean {
  const [directory = "", name = ""] = path.split("/").slice(-2);
  if (!/\.so(?:\.\d+)*$/.test(name) || /\.(?:alt|abi3|cpython-[^.]*)\./.test(name)) return false;
  if (directory === "stubs") return false;
  return name.startsWith("lib") || directory === "lib" || directory === "lib64";
}

/** The uppermost directory with libraries that the path is below. */
function libraryDirectory(path: string, directories: ReadonlySet<string>): string {
  const parents = path.split("/").map((_, index, names) => names.slice(0, index).join("/"));
  return parents.find((parent) => directories.has(parent)) ?? directoryOf(path);
}

function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
