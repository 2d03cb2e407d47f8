import { type Env, readVariable } from "../cnb/env.ts";
import { type Hardware, hardwareSchema } from "./hardware.ts";

/** What ml-buildpacks/hardware tells later buildpacks of the same build, as environment variables. */
export const HANDOVER = {
  /** JSON of the form of `hardwareSchema`. */
  hardware: "ML_BUILDPACKS_HARDWARE",
  /** Absolute path of the directory with CUDA's compiler and headers, which may be absent. */
  toolkit: "ML_BUILDPACKS_TOOLKIT",
  /** A shell command that makes the directory where it is absent. */
  recreateToolkit: "ML_BUILDPACKS_RECREATE_TOOLKIT",
} as const;

/**
 * What the image is to run on. Without ml-buildpacks/hardware in the build nobody has said anything,
 * which means `cpu`: an image of gigabytes is never made by accident.
 */
export function readHardware(env: Env): Hardware {
  const given = readVariable(env, HANDOVER.hardware);
  return given === undefined ? assumed("cpu") : hardwareSchema.parse(JSON.parse(given));
}

/** Where what nobody wrote comes from, in messages. */
export const THE_BUILDER = "the builder";

function assumed(name: "cpu"): Hardware {
  const origin = { file: THE_BUILDER };
  return {
    accelerator: { name, specifier: "", assumed: true, origin, text: name },
    gpus: [],
    libraries: [],
  };
}
