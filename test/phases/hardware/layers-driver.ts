import { ensureToolkit } from "../../../src/accelerator/toolkit.ts";
import { installLibraries } from "../../../src/buildpacks/hardware/layers/libraries.ts";
import {
  offerToolkit,
  recreateToolkit,
  TOOLKIT_DIRECTORY,
} from "../../../src/buildpacks/hardware/layers/toolkit.ts";
import { applyDelta } from "../../../src/cnb/layer-env.ts";
import { defineBuildpack, main } from "../../../src/kit/buildpack.ts";

/** A buildpack that only makes the layers of ml-buildpacks/hardware that hold something of CUDA. */
const buildpack = defineBuildpack({
  detect: { cases: [], otherwise: "" },
  build: async (context) => {
    const { env, log } = context;
    const cuda = env["CUDA"] ?? "";
    const names = env["LIBRARIES"]?.split(" ");
    if (names !== undefined) await installLibraries(context, { cuda, names });
    const changes = await offerToolkit(context);
    if (env["TOOLKIT"] !== undefined) {
      const toolkit = await ensureToolkit(applyDelta(env, { build: changes }, "build"), log);
      log.step(`nvcc ${toolkit?.nvcc} for CUDA ${toolkit?.cuda}`);
    }
    return {};
  },
  recreate: { [TOOLKIT_DIRECTORY]: recreateToolkit },
});

void main(buildpack);
