import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { override } from "../cnb/layer-env.ts";
import type { BuildContext } from "../kit/buildpack.ts";
import { uvCacheOf } from "./build-directories.ts";
import { HANDOVER } from "./handover.ts";
import type { LockFile } from "./lock.ts";

/** The lock and what its files are downloaded with, for the buildpacks that follow. */
export async function handOverLock(
  context: BuildContext,
  lockFile: LockFile,
  netrc: string | undefined,
): Promise<void> {
  const layer = await context.freshLayer("handover", { build: true });
  const path = join(layer.path, "lock.json");
  await writeFile(path, JSON.stringify(lockFile));
  await layer.writeEnv({
    build: {
      [HANDOVER.lock]: override(path),
      [HANDOVER.uvCache]: override(uvCacheOf(context)),
      ...(netrc === undefined ? {} : { [HANDOVER.netrc]: override(netrc) }),
    },
  });
  await layer.commit();
}
