import { override } from "../../cnb/layer-env.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { HANDOVER } from "../../debian/handover.ts";
import type { DebianLock } from "../../debian/lock.ts";

/** Tells later buildpacks what the image will have besides the run image's packages. */
export async function handOver(context: BuildContext, lock: DebianLock): Promise<void> {
  const names = lock.filter(({ launch }) => launch).map(({ name }) => name);
  const layer = await context.freshLayer("handover", { build: true });
  await layer.writeEnv({ build: { [HANDOVER.packages]: override(names.join(" ")) } });
  await layer.commit();
}
