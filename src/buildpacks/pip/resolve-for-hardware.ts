import type { Preferences, Resolution, Resolved, UvPlace } from "../../python/uv/resolve.ts";
import { tellFit } from "./accelerated.ts";
import { demandsIn } from "./demands.ts";
import { type Fit, fitToHardware, isSameFit, NOTHING_FOUND } from "./fit.ts";
import type { LockTask } from "./obtain-lock.ts";
import { resolutionOf } from "./resolution.ts";
import { runUv } from "./run-uv.ts";
import { NOTHING_LEARNED } from "./sources.ts";

/** Four are enough for what packages bring, what that needs, and another CUDA version for both. */
const MOST_ROUNDS = 4;

export interface ResolvedForHardware {
  readonly fit: Fit;
  readonly resolution: Resolution;
  readonly resolved: Resolved;
}

/** Resolves until what the hardware makes of the packages is what they were resolved for. */
export async function resolveForHardware(
  task: LockTask,
  preferences: Preferences,
  place: UvPlace,
): Promise<ResolvedForHardware> {
  let fit = fitToHardware(task, NOTHING_FOUND);
  let known = NOTHING_LEARNED;
  for (let round = 1; ; round += 1) {
    const current = fit;
    const { resolved, resolution, sources } = await runUv(task, current, {
      place,
      sources: known,
      resolutionFor: (learned) => resolutionOf(task, current, { preferences, sources: learned }),
    });
    const demands = demandsIn(resolved.pylock.packages);
    const next = fitToHardware(task, { demands, fit });
    if (isSameFit(fit, next)) {
      tellFit(task, next);
      return { fit: next, resolution, resolved };
    }
    if (round === MOST_ROUNDS) {
      tellFit(task, fit);
      task.context.log.warn(
        "The packages and what the hardware makes of them do not settle",
        "Each resolution asks for another one. Pin the packages that decide, torch above all, or write the CUDA version into hardware.txt.",
      );
      return { fit, resolution, resolved };
    }
    fit = next;
    known = sources;
  }
}
