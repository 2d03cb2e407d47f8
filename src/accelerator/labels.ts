import type { Accelerated } from "./accelerated.ts";

/** Image labels, for schedulers and people: what the image is to run on. */
export function acceleratorLabels({
  accelerator,
  cuda,
  rocm,
  driver,
}: Accelerated): Readonly<Record<string, string>> {
  return {
    [`${PREFIX}.accelerator`]: accelerator,
    ...(cuda === undefined ? {} : { [`${PREFIX}.cuda`]: cuda }),
    ...(rocm === undefined ? {} : { [`${PREFIX}.rocm`]: rocm }),
    ...(driver === undefined ? {} : { [`${PREFIX}.nvidia-driver`]: `>=${driver}` }),
  };
}

const PREFIX = "io.ml-buildpacks";
