import type { BuildContext, RecreateContext } from "../kit/buildpack.ts";
import { epochOf } from "../kit/lock-epoch.ts";

/** The layer with CUDA's libraries of an app without Python. */
export const LIBRARIES_LAYER = "libraries";

/**
 * The CUDA version that an image without Python has its libraries of, which stays where it may.
 * Undefined where there are none, or where BP_LOCK_EPOCH asks for new versions.
 */
export async function findEarlierCuda(
  context: Pick<BuildContext | RecreateContext, "foundLayers" | "settings">,
): Promise<string | undefined> {
  const { cuda, epoch } = (await context.foundLayers()).get(LIBRARIES_LAYER)?.metadata ?? {};
  if (epoch !== epochOf(context, { epoch })) return undefined;
  return typeof cuda === "string" ? cuda : undefined;
}
