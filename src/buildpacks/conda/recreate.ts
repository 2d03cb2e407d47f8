import { rm } from "node:fs/promises";
import { join } from "node:path";
import { makeDirectory } from "../../cnb/files.ts";
import type { RecreateContext } from "../../kit/buildpack.ts";
import type { Log } from "../../kit/log.ts";
import { readAccess } from "./access.ts";
import { withExplanations } from "./explain.ts";
import { readLock } from "./layers/lock.ts";
import { makeEnvironment } from "./make-environment.ts";
import { commonFacts, findStanding, type Standing } from "./standing.ts";
import { readOptions } from "./options.ts";
import { withNetwork } from "./workplace.ts";

/**
 * Makes the prefix of the previous image again, the same bytes at the same path. Links into heavy
 * packages' layers lead nowhere then: Python and what installs wheels with it need none of them.
 */
export async function recreateEnvironment(context: RecreateContext): Promise<void> {
  context.log.step(
    "Installing the conda environment for this step; the image keeps the layer that it has",
  );
  const { layersDir } = context;
  const packages = await readLock(context);
  const facts = commonFacts(context, packages, readOptions(context, { variables: {} }));
  const standing = await findStanding(packages, await context.foundLayers(), facts);
  const made = await remake(context, standing);
  // The image keeps the layers that it has.
  for (const layer of made) await rm(join(layersDir, layer), { recursive: true, force: true });
}

/** The same with what heavy packages have: something is compiled, which may link with any of it. */
export async function recreateWhole(context: RecreateContext): Promise<void> {
  context.log.step(
    "Installing all of the conda environment for what is compiled on it; the image keeps its layers",
  );
  await remake(context, new Map());
}

/** Gives the layers of heavy packages that were filled. */
async function remake(
  context: RecreateContext,
  standing: ReadonlyMap<string, Standing>,
): Promise<readonly string[]> {
  const { layersDir } = context;
  // The build has told all of this.
  const access = await readAccess({ ...context, log: quiet(context.log) });
  const options = readOptions(context, access);
  const packages = await readLock(context);
  const filled: string[] = [];
  const emptyLayer = async (layer: string) => {
    await rm(join(layersDir, layer), { recursive: true, force: true });
    await makeDirectory(join(layersDir, layer));
    filled.push(layer);
  };
  const { platform } = access;
  await withExplanations(access, () =>
    withNetwork(context, access, (network) =>
      makeEnvironment({ context, packages, platform, network, options, standing, emptyLayer }),
    ),
  );
  return filled;
}

function quiet(log: Log): Log {
  return { ...log, step: () => {}, list: () => {}, warn: () => {} };
}
