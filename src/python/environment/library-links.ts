import { lstat, readdir, symlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { makeDirectory } from "../../cnb/files.ts";
import { NVIDIA } from "./footprint.ts";

/** The directory of a layer with links to all of CUDA's libraries that it has. */
export const CUDA_LIBRARIES = "cuda-libraries";

/**
 * Makes one directory of the many that NVIDIA's wheels put libraries into, for the loader's path.
 * The loader knows a library by its file, so that one that is also found by a relative path is not
 * loaded twice. Does nothing where the layer has none of these wheels.
 */
export async function linkCudaLibraries(site: string, layerPath: string): Promise<void> {
  const root = join(site, NVIDIA);
  const isHere = await lstat(root).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isHere) return;
  const libraries = (await readdir(root, { recursive: true }))
    .filter((path) => /^[^/]+\/lib\/[^/]+\.so(?:\.[^/]*)?$/.test(path))
    .sort();
  if (libraries.length === 0) return;
  const directory = join(layerPath, CUDA_LIBRARIES);
  await makeDirectory(directory);
  const names = new Set<string>();
  for (const path of libraries) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (names.has(name)) continue;
    names.add(name);
    await symlink(relative(directory, join(root, path)), join(directory, name));
  }
}
