import type { Demand } from "../../accelerator/demand.ts";
import { TORCH_FAMILY } from "../../accelerator/torch.ts";
import { CommandError } from "../../kit/command.ts";
import { normalizeName } from "../../python/lock.ts";
import { findComplaint } from "../../python/uv/complaints.ts";
import {
  type Preferences,
  type Resolution,
  type Resolved,
  resolveWithUv,
  type UvPlace,
} from "../../python/uv/resolve.ts";
import { tellFit } from "./accelerated.ts";
import { demandsIn } from "../../python/accelerated/demands-in.ts";
import { explainFailure } from "./explain.ts";
import { type Fit, fitToHardware, isSameFit } from "./fit.ts";
import type { LockTask } from "./obtain-lock.ts";
import { resolutionOf } from "./resolution.ts";
import { type Run, runUv } from "./run-uv.ts";
import { NOTHING_LEARNED, type Sources } from "./sources.ts";

/** Four are enough for what packages bring, what that needs, and another CUDA version for both. */
const MOST_ROUNDS = 4;

export interface ResolvedForHardware {
  readonly fit: Fit;
  readonly resolution: Resolution;
  readonly resolved: Resolved;
}

/**
 * Resolves until what the hardware makes of the packages is what they were resolved for. Throws a
 * failure where there is no answer.
 */
export async function resolveForHardware(
  task: LockTask,
  preferences: Preferences,
  place: UvPlace,
): Promise<ResolvedForHardware> {
  let fit = fitToHardware(task, []);
  let known = NOTHING_LEARNED;
  for (let round = 1; ; round += 1) {
    const current = fit;
    const resolutionFor = (sources: Sources) =>
      resolutionOf(task, current, { preferences, sources });
    let run: Run;
    try {
      run = await runUv(task, current, { place, sources: known, resolutionFor });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const other =
        round < MOST_ROUNDS
          ? await findOtherFit(error.output, current, task, tryToResolve)
          : undefined;
      if (other !== undefined) {
        fit = other;
        continue;
      }
      tellFit(task, current);
      throw await explainFailure(error.output, { ...task, fit: current }, error);
    }
    const { resolved, resolution, sources } = run;
    const next = fitToHardware(task, demandsIn(resolved.pylock.packages));
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

    async function tryToResolve(otherFit: Fit): Promise<Resolved | undefined> {
      try {
        const other = resolutionOf(task, otherFit, { preferences, sources: known });
        return await resolveWithUv(other, place);
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        return undefined;
      }
    }
  }
}

/**
 * Where torch's index has no answer: perhaps another package needs a release of torch that this
 * index does not have, which the index of all others tells; or that one has no torch at all.
 */
async function findOtherFit(
  output: string,
  fit: Fit,
  task: LockTask,
  tryToResolve: (fit: Fit) => Promise<Resolved | undefined>,
): Promise<Fit | undefined> {
  const complaint = findComplaint(output);
  const found = async (): Promise<readonly Demand[]> => {
    if (complaint.kind === "no-such-package" && fit.dedicated === undefined) {
      const name = normalizeName(complaint.name);
      return TORCH_FAMILY.has(name) ? [{ name, specifier: "", extras: [], text: name }] : [];
    }
    const isOfTorch = complaint.kind === "unsatisfiable" || complaint.kind === "no-such-version";
    if (!isOfTorch || fit.dedicated === undefined) return [];
    const resolved = await tryToResolve({ ...fit, dedicated: undefined });
    return resolved === undefined ? [] : demandsIn(resolved.pylock.packages);
  };
  const demands = await found();
  if (demands.length === 0) return undefined;
  const other = fitToHardware(task, demands);
  return other.dedicated?.url === fit.dedicated?.url ? undefined : other;
}
