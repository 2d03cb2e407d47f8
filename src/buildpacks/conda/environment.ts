import { LAUNCH_ONLY } from "../../cnb/layer.ts";
import type { CondaLock } from "../../conda/lock.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import type { Asked } from "./asked.ts";
import { type EnvironmentFacts, openEnvironmentLayer } from "./layers/environment.ts";
import { openLightParts } from "./layers/light-parts.ts";
import { readOptions } from "./options.ts";
import { tellReused } from "./report.ts";

/** The environment's layers, as an earlier build has left them or made now. */
export async function provideEnvironment(
  context: BuildContext,
  asked: Asked,
  packages: CondaLock,
): Promise<EnvironmentFacts> {
  const { log } = context;
  const options = readOptions(context, asked);
  const found = await context.foundLayers();
  const layer = await openEnvironmentLayer(context, packages, options);
  const lightParts = await openLightParts(context);
  if (layer.state === "kept") {
    for (const name of Object.values(layer.recorded.heavy)) {
      const heavy = found.get(name);
      if (heavy !== undefined) await context.keepLayer(heavy, LAUNCH_ONLY);
    }
    tellReused(layer.recorded, log);
    return layer.recorded;
  }

  log.discarding("the environment", layer.cause);
  // Loaded on first use: a build that has nothing to install starts quicker.
  const { renewEnvironment } = await import("./renew-environment.ts");
  return renewEnvironment(context, { asked, packages, options, found, layer, lightParts });
}
