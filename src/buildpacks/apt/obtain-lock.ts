import { join } from "node:path";
import type { BuildContext } from "../../kit/buildpack.ts";
import { today } from "../../kit/lock-age.ts";
import { counted, listed } from "../../kit/text.ts";
import type { DebianLock } from "../../debian/lock.ts";
import { resolve } from "../../debian/resolve/resolve.ts";
import { RUN_IMAGE_STATUS } from "../../debian/run-image.ts";
import type { Asked } from "./asked.ts";
import type { RootLayer } from "./layers/root.ts";
import { tellLeftOut, tellMoves } from "./report.ts";

export interface Chosen {
  readonly packages: DebianLock;
  /** The UTC day of the versions, that of the last time when none was kept. */
  readonly made?: string | undefined;
}

/** What an earlier build, or an earlier attempt of this one, has chosen. */
export type Earlier = Pick<RootLayer, "previous" | "preferences" | "made">;

/** Asks apt, and says what it found. */
export async function obtainLock(
  context: BuildContext,
  { requests, arch }: Asked,
  { previous, preferences, made }: Earlier,
  workDir: string,
): Promise<Chosen> {
  const { appDir, env, log } = context;
  const { packages, inRunImage, leftOut, keepsAny } = await resolve(requests, {
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
  tellLeftOut(leftOut, log);
  tellMoves(previous, packages, log);
  return { packages, made: keepsAny ? made : today(env) };
}
