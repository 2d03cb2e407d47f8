import { join } from "node:path";
import { writeFileWhole } from "../cnb/files.ts";
import { defaultTo } from "../cnb/layer-env.ts";
import type { BuildContext } from "../kit/buildpack.ts";
import { sha256 } from "../kit/hash.ts";
import { compatibility } from "./compatibility.ts";
import { driverFloor } from "./cuda-versions.ts";
import script from "./driver-check.sh";
import { compareVersions, newestOf } from "./versions.ts";

export interface DriverNeeds {
  /** "12.8" */
  readonly cuda: string;
  /** The oldest driver for it, and for the GPUs that the image is for: "525". */
  readonly driver: string;
}

/**
 * Makes a launch layer that compares the host's driver with what the image needs, at each start.
 * It only tells, unless BP_DRIVER_CHECK, or DRIVER_CHECK at launch, says otherwise.
 */
export async function makeDriverCheck(context: BuildContext, needs: DriverNeeds): Promise<void> {
  const mode = context.settings.get("BP_DRIVER_CHECK") ?? "warn";
  const drivers = linesFor(needs);
  const layer = await context.layer({
    name: "driver-check",
    types: { launch: true },
    wanted: { drivers, mode, script: sha256(script) },
    labels: {
      drivers: "The list of drivers that CUDA needs",
      mode: "BP_DRIVER_CHECK",
      script: "The script that checks the host's driver",
    },
  });
  if (layer.state === "kept") return;
  await writeFileWhole(
    join(layer.path, "cuda-drivers"),
    drivers.map((line) => `${line}\n`).join(""),
  );
  await writeFileWhole(join(layer.path, "mode"), `${mode}\n`);
  await layer.writeExecD("driver-check", script);
  await layer.writeEnv({ launch: { DRIVER_CHECK: defaultTo(mode) } });
  await layer.commit();
}

/** "12.8 570 gpu" where the GPUs need a newer driver than CUDA does, and then older ones of CUDA do. */
function linesFor({ cuda, driver }: DriverNeeds): readonly string[] {
  const floor = driverFloor(cuda);
  const isOfGpu = floor !== undefined && compareVersions(driver, floor) > 0;
  const older = olderThan(cuda).map((one) => ({
    ...one,
    driver: isOfGpu ? (newestOf([one.driver, driver]) ?? driver) : one.driver,
  }));
  const first = `${cuda} ${driver}${isOfGpu ? " gpu" : ""}`;
  return [first, ...older.map((one) => `${one.cuda} ${one.driver}`)];
}

/** What to write into `hardware.txt` for an older driver, newest first. */
function olderThan(cuda: string): readonly DriverNeeds[] {
  const major = Number.parseInt(cuda, 10);
  return compatibility()
    .cuda.major.filter((older) => Number(older.major) < major)
    .map((older) => ({ cuda: `${older.major}.*`, driver: older.driver }))
    .toReversed();
}
