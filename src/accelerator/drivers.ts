import { describeOrigin } from "../kit/origin.ts";
import type { Problem } from "../kit/wrong-lines.ts";
import { architectureOf } from "./compatibility.ts";
import { driverFloor } from "./cuda-versions.ts";
import type { Hardware } from "./hardware.ts";
import { compareVersions } from "./versions.ts";

type Gpu = Hardware["gpus"][number];

/** The oldest driver that hosts may have, "570", and the GPU that needs it where CUDA does not. */
export interface NeededDriver {
  readonly driver: string;
  readonly gpu?: Gpu;
}

/** For a CUDA version on all of the GPUs; undefined where neither says anything. */
export function neededDriver(cuda: string, gpus: readonly Gpu[]): NeededDriver | undefined {
  const floor = driverFloor(cuda);
  let needed: NeededDriver | undefined = floor === undefined ? undefined : { driver: floor };
  for (const gpu of gpus) {
    const driver = architectureOf(gpu.capability)?.driver;
    if (driver === undefined) continue;
    if (needed === undefined || compareVersions(driver, needed.driver) > 0)
      needed = { driver, gpu };
  }
  return needed;
}

/**
 * A driver that can't run one of the GPUs with any CUDA version; `left` are the versions that all
 * else agrees on, one of which the driver to write has to run, too.
 */
export function findOldDriver(
  { driver, gpus }: Pick<Hardware, "driver" | "gpus">,
  left: readonly { readonly cuda: string }[],
): readonly Problem[] {
  const gpu = gpus.find(({ capability }) => {
    const needed = architectureOf(capability)?.driver;
    return needed !== undefined && compareVersions(driver?.version ?? needed, needed) < 0;
  });
  if (driver === undefined || gpu === undefined) return [];
  const own = architectureOf(gpu.capability)?.driver;
  const all = left.flatMap(({ cuda }) => ({ cuda, ...neededDriver(cuda, gpus) }));
  const [first] = all.sort((a, b) => compareVersions(a.driver ?? "0", b.driver ?? "0"));
  const least = first?.driver ?? own;
  const ofCuda = least === own ? "" : `, and CUDA ${first?.cuda} one from ${least} on`;
  return [
    {
      origin: driver.origin,
      line: driver.text,
      needed: `The GPU ${describeGpu(gpu)} needs a driver from ${own} on (${describeOrigin(gpu.origin)})${ofCuda}; write driver>=${least} here`,
    },
  ];
}

/** "l4 (Ada Lovelace, 8.9)" */
export function describeGpu({ name, capability }: Gpu): string {
  const architecture = architectureOf(capability)?.name;
  const facts = architecture === undefined ? capability : `${architecture}, ${capability}`;
  return `${name} (${facts})`;
}
