import { defaultTo } from "../../../cnb/layer-env.ts";
import type { BuildContext } from "../../../kit/buildpack.ts";
import { sha256 } from "../../../kit/hash.ts";
import script from "./limits.sh";

/**
 * What is known at each start only: how many threads and workers fit the container's CPU limit, and
 * the port, for a Procfile that expects the platform to set one.
 */
export async function contributeStartUp(context: BuildContext): Promise<void> {
  const layer = await context.layer({
    name: "start-up",
    types: { launch: true },
    wanted: { port: PORT, script: sha256(script) },
    labels: { port: "The port", script: "The script that reads the container's limits" },
  });
  if (layer.state === "kept") return;
  await layer.writeExecD("limits", script);
  await layer.writeEnv({ launch: { PORT: defaultTo(PORT) } });
  await layer.commit();
}

const PORT = "8080";
