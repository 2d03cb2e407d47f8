import { rm } from "node:fs/promises";
import { join } from "node:path";
import { HANDOVER } from "../../../accelerator/handover.ts";
import { type EnvChanges, override } from "../../../cnb/layer-env.ts";
import type { BuildContext, RecreateContext } from "../../../kit/buildpack.ts";

/**
 * CUDA's compiler and headers, in a directory without a layer TOML: it is neither exported nor kept.
 * Most builds compile nothing for GPUs, so that who does has it made.
 */
export const TOOLKIT_DIRECTORY = "toolkit";

/** What later buildpacks' environment gets, so that they can have the toolkit made. */
export async function offerToolkit(context: BuildContext): Promise<EnvChanges> {
  const directory = join(context.layersDir, TOOLKIT_DIRECTORY);
  // Of a build for another CUDA, where the layers directory outlives it.
  await rm(directory, { recursive: true, force: true });
  return {
    [HANDOVER.toolkit]: override(directory),
    [HANDOVER.recreateToolkit]: override(context.recreateCommand(TOOLKIT_DIRECTORY)),
  };
}

export async function recreateToolkit(context: RecreateContext): Promise<void> {
  // Loaded on first use: few builds compile.
  const { makeToolkit } = await import("../../../cuda/make-toolkit.ts");
  await makeToolkit(context);
}
