import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readElf } from "../../kit/elf.ts";
import type { Interpreter } from "../interpreter.ts";
import { type Installed, LIBRARY } from "./installed.ts";
import { prefixOf, sitePackagesIn } from "./paths.ts";

/** A library that a distribution is linked with and the image will not have. */
export interface MissingLibrary {
  readonly soname: string;
  /** Debian's package of it, or the word of hardware.txt's `libraries` for one of CUDA's. */
  readonly owner: { readonly package: string } | { readonly library: string };
  /** The distributions that are linked with it. */
  readonly neededBy: readonly string[];
}

/**
 * What wheels expect of the system. Wheels ought to bring all but a few libraries
 * (https://peps.python.org/pep-0513/), and still some leave others to the system, which is found
 * out at the first import only.
 */
export async function findMissingLibraries(
  installed: ReadonlyMap<string, Installed>,
  venv: string,
  interpreter: Interpreter,
  systemPackages: ReadonlySet<string>,
): Promise<readonly MissingLibrary[]> {
  const site = join(venv, sitePackagesIn(interpreter));
  const libraries = [...installed.values()].flatMap(({ name, record }) =>
    record.filter(({ path }) => LIBRARY.test(path)).map(({ path }) => ({ name, path })),
  );
  const brought = new Set([
    ...libraries.map(({ path }) => path.slice(path.lastIndexOf("/") + 1)),
    ...(await librariesOf(interpreter)),
  ]);
  const neededBy = new Map<string, Set<string>>();
  for (const { name, path } of libraries) {
    for (const soname of (await readElf(join(site, path)))?.needed ?? []) {
      if (brought.has(soname)) continue;
      const owner = ownerOf(soname);
      if (owner === undefined) continue;
      if ("package" in owner && systemPackages.has(owner.package)) continue;
      neededBy.set(soname, (neededBy.get(soname) ?? new Set()).add(name));
    }
  }
  return [...neededBy].flatMap(([soname, names]) => {
    const owner = ownerOf(soname);
    return owner === undefined ? [] : [{ soname, owner, neededBy: [...names].sort() }];
  });
}

/**
 * Those of a prefix that has more than Python: programs in its `bin` find them by their run path,
 * and with it all that they load. They may be links to layers that are not there in this build.
 */
async function librariesOf(interpreter: Interpreter): Promise<readonly string[]> {
  if (interpreter.hasPackages !== true) return [];
  return readdir(join(prefixOf(interpreter), "lib")).catch(() => []);
}

function ownerOf(soname: string): MissingLibrary["owner"] | undefined {
  const [, library] = OF_CUDA.exec(soname) ?? [];
  if (library !== undefined) return { library };
  const found = PACKAGES[soname];
  return found === undefined ? undefined : { package: found };
}

/** libcuda.so.1 is the driver's, and comes from the host. */
const OF_CUDA =
  /^lib(cudart|cublas|cudnn|cufft|curand|cusolver|cusparse|nccl|nvrtc)(?:Lt)?\.so\.\d/;

/**
 * Debian 13's packages of libraries that wheels are known to leave to the system.
 * https://packages.debian.org/trixie/
 */
const PACKAGES: { readonly [soname: string]: string | undefined } = {
  "libEGL.so.1": "libegl1",
  "libGL.so.1": "libgl1",
  "libGLX.so.0": "libglx0",
  "libICE.so.6": "libice6",
  "libOpenCL.so.1": "ocl-icd-libopencl1",
  "libOpenGL.so.0": "libopengl0",
  "libSM.so.6": "libsm6",
  "libX11.so.6": "libx11-6",
  "libXext.so.6": "libxext6",
  "libXrender.so.1": "libxrender1",
  "libasound.so.2": "libasound2t64",
  "libatk-1.0.so.0": "libatk1.0-0t64",
  "libblas.so.3": "libblas3",
  "libcairo.so.2": "libcairo2",
  "libcurl.so.4": "libcurl4t64",
  "libdbus-1.so.3": "libdbus-1-3",
  "libfontconfig.so.1": "libfontconfig1",
  "libfreetype.so.6": "libfreetype6",
  "libgdal.so.36": "libgdal36",
  "libgdk_pixbuf-2.0.so.0": "libgdk-pixbuf-2.0-0",
  "libgeos_c.so.1": "libgeos-c1t64",
  "libglib-2.0.so.0": "libglib2.0-0t64",
  "libgobject-2.0.so.0": "libglib2.0-0t64",
  "libgomp.so.1": "libgomp1",
  "libgthread-2.0.so.0": "libglib2.0-0t64",
  "liblapack.so.3": "liblapack3",
  "libmagic.so.1": "libmagic1t64",
  "libmariadb.so.3": "libmariadb3",
  "libnuma.so.1": "libnuma1",
  "libodbc.so.2": "libodbc2",
  "libopenblas.so.0": "libopenblas0-pthread",
  "libpango-1.0.so.0": "libpango-1.0-0",
  "libportaudio.so.2": "libportaudio2",
  "libpq.so.5": "libpq5",
  "libsndfile.so.1": "libsndfile1",
  "libusb-1.0.so.0": "libusb-1.0-0",
  "libvulkan.so.1": "libvulkan1",
  "libxcb.so.1": "libxcb1",
  "libxkbcommon.so.0": "libxkbcommon0",
  "libxml2.so.2": "libxml2",
};
