import type { Origin } from "../kit/origin.ts";
import type { Problem } from "../kit/wrong-lines.ts";
import { chooseCuda } from "./choose-cuda.ts";
import { settleAccelerator } from "./choose-hints.ts";
import { findPythonProblems } from "./choose-python.ts";
import { chooseRocm } from "./choose-rocm.ts";
import { chooseWithoutGpu } from "./choose-without-gpu.ts";
import type { Demand } from "./demand.ts";
import type { Accelerator, Hardware } from "./hardware.ts";

/** What the packages are to be chosen for, and why. */
export interface Choice {
  readonly accelerator: Accelerator;
  /** "12.8" */
  readonly cuda?: string;
  readonly rocm?: string;
  /** The directory of torch's index: "cpu", "cu128", "rocm6.4". */
  readonly torchBackend: string;
  /** The oldest driver that hosts may have: "525". */
  readonly driver?: string;
  /** Why, for the log. */
  readonly notes: readonly string[];
  /** Contradictions, and what is known not to work together. */
  readonly problems: readonly Problem[];
}

export interface ChoiceOptions {
  readonly hardware: Hardware;
  /**
   * The app's own, with their origins, and, once there is a resolution, all that it has found. What
   * was found follows from an earlier choice in part, so that it decides only where the app leaves
   * it open.
   */
  readonly demands: readonly Demand[];
  /** Indexes, and pages of links, that the app names. */
  readonly indexes: readonly { readonly url: string; readonly origin: Origin }[];
  /** "3.13"; empty where there is none. */
  readonly python: string;
  /** The CUDA version of an earlier build, which stays where it may. */
  readonly previous?: string | undefined;
}

/**
 * Chooses the versions of CUDA or ROCm that the hardware, the packages and the Python agree on. What
 * is newer than the compatibility data passes with a note; what is known not to work is a problem.
 */
export function choose(options: ChoiceOptions): Choice {
  const { demands, python } = options;
  const { accelerator, hints, notes, problems: contradictions } = settleAccelerator(options);
  const early = [...contradictions, ...findPythonProblems(demands, python)];
  if (early.length > 0) return { accelerator, torchBackend: "cpu", notes, problems: early };
  const context = { ...options, hints };
  const choice =
    accelerator === "cuda"
      ? chooseCuda(context)
      : accelerator === "rocm"
        ? chooseRocm(context)
        : chooseWithoutGpu(context, accelerator);
  return { ...choice, notes: [...notes, ...choice.notes] };
}
