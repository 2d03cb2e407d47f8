import type { Accelerated } from "../../accelerator/accelerated.ts";
import type { Choice } from "../../accelerator/choose.ts";
import { cudaVersionIn, needsLibraryPath } from "../../accelerator/cuda-libraries.ts";
import type { Hardware } from "../../accelerator/hardware.ts";
import type { Log } from "../../kit/log.ts";
import { normalizeName } from "../lock.ts";
import type { PylockPackage } from "../uv/pylock.ts";

export function acceleratedBy({ accelerator, cuda, rocm, driver }: Choice): Accelerated {
  return {
    accelerator,
    ...(cuda === undefined ? {} : { cuda }),
    ...(rocm === undefined ? {} : { rocm }),
    ...(driver === undefined ? {} : { driver }),
  };
}

/** The same with what the packages themselves say: the CUDA version that they bring is the image's. */
export function acceleratedWith(
  choice: Choice,
  packages: readonly PylockPackage[],
  { hardware, log }: { readonly hardware: Hardware; readonly log: Pick<Log, "step"> },
): Accelerated {
  const all = packages.map(({ name, version }) => ({ name: normalizeName(name), version }));
  const isSearched = hardware.libraries.length > 0 || needsLibraryPath(all.map(({ name }) => name));
  const cuda = choice.cuda === undefined ? undefined : cudaVersionIn(all);
  if (cuda !== undefined && cuda !== choice.cuda) log.step(`The packages bring CUDA ${cuda}`);
  return {
    ...acceleratedBy(cuda === undefined ? choice : { ...choice, cuda }),
    ...(cuda !== undefined && isSearched ? { libraryPath: true } : {}),
  };
}
