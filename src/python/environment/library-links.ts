import { symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { librariesIn } from "../../accelerator/shared-libraries.ts";
import { makeDirectory } from "../../cnb/files.ts";

/** The directory of a layer with links to all of CUDA's libraries that it has. */
export const CUDA_LIBRARIES = "cuda-libraries";

/**
 * Makes one directory of the many that NVIDIA's wheels put libraries into, for the loader's path.
 * The loader knows a library by its file, so that one that is also found by a relative path is not
 * loaded twice. Does nothing where the layer has none of these wheels.
 */
export async function linkCudaLibraries(site: string, layerPath: string): Promise<void> {
  for (const { path, place } of await librariesIn(site)) {
    const link = join(layerPath, CUDA_LIBRARIES, place);
    await makeDirectory(dirname(link));
    await symlink(relative(dirname(link), join(site, path)), link);
  }
}
