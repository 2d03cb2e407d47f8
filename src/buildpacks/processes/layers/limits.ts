import type { BuildContext } from "../../../kit/buildpack.ts";
import { sha256 } from "../../../kit/hash.ts";
import script from "./limits.sh";

/** At each start, how many threads and workers fit the container's CPU limit. */
export async function contributeLimits(context: BuildContext): Promise<void> {
  const layer = await context.layer({
    name: "limits",
    types: { launch: true },
    wanted: { script: sha256(script) },
    labels: { script: "The script that reads the container's limits" },
  });
  if (layer.state === "kept") return;
  await layer.writeExecD("limits", script);
  await layer.commit();
}
