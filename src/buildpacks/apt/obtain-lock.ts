import { join } from "node:path";
import type { BuildContext } from "../../kit/buildpack.ts";
import { counted, listed } from "../../kit/text.ts";
import type { DebianLock } from "../../debian/lock.ts";
import { resolve } from "../../debian/resolve/resolve.ts";
import { RUN_IMAGE_STATUS } from "../../debian/run-image.ts";
import type { Asked } from "./asked.ts";
import type { RootLayer } from "./layers/root.ts";
import { tellMoves } from "./report.ts";

/** Asks apt, and says what it found. */
export async function obtainLock(
  context: BuildContext,
  { requests, arch }: Asked,
  { previous, preferences }: RootLayer,
  workDir: string,
): Promise<DebianLock> {
  const { appDir, env, log } = context;
  const { packages, inRunImage } = await resolve(requests, {
    appDir,
    workDir: join(workDir, "apt"),
    statusFile: RUN_IMAGE_STATUS,
    arch,
    preferences,
    env,
    log,
  });
  if (inRunImage.length > 0) {
    log.step(
      `Skipping ${listed(inRunImage)} because the run image has ${inRunImage.length === 1 ? "it" : "them"}`,
    );
  }
  log.step(`Resolved ${counted(packages.length, "package")}`);
  tellMoves(previous, packages, log);
  return packages;
}
