import { isDeepStrictEqual } from "node:util";
import { ScriptFailure } from "../scripts/lib/failure.ts";
import { COMMIT } from "./environment.ts";
import type { AppPlan } from "./plan.ts";
import type { BenchResult, RoundPlan } from "./result.ts";

/** What the figures of a run depend on besides its plan: all sittings must have the same. */
export type Conditions = Pick<BenchResult, "environment" | "frozenAt">;

/**
 * What an earlier sitting leaves to one that goes on with it: the figures of all rounds that were
 * complete, those of rounds that are planned in another way now left out. Throws where the
 * conditions are others.
 */
export function resume(
  earlier: BenchResult,
  plans: readonly AppPlan[],
  conditions: Conditions,
): BenchResult {
  checkConditions(earlier, conditions);
  const rounds = earlier.rounds.filter(({ app, number, plan }) => {
    const planned = plans.find((one) => one.app.name === app)?.rounds[number - 1];
    return planned === undefined || isDeepStrictEqual(planned, plan);
  });
  const isKept = (figure: { readonly app: string; readonly round: number }) =>
    rounds.some(({ app, number }) => app === figure.app && number === figure.round);
  return {
    ...{ ...earlier, rounds },
    measurements: earlier.measurements.filter(isKept),
    images: earlier.images.filter(isKept),
    startUps: earlier.startUps.filter(isKept),
  };
}

/** The planned rounds of an app that are not complete, with their numbers, from 1. */
export function roundsLeft(
  { app, rounds }: AppPlan,
  { rounds: complete }: Pick<BenchResult, "rounds">,
): readonly { readonly number: number; readonly plan: RoundPlan }[] {
  return rounds
    .map((plan, index) => ({ number: index + 1, plan }))
    .filter(({ number }) => !complete.some((one) => one.app === app.name && one.number === number));
}

function checkConditions(earlier: Conditions, here: Conditions): void {
  const [before, now] = [factsOf(earlier), factsOf(here)];
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  const differences = [...names]
    .filter((name) => before[name] !== now[name])
    .map((name) => `- ${name}: ${before[name] ?? "none"} in the file, ${now[name] ?? "none"} here`);
  if (differences.length === 0) return;
  throw new ScriptFailure(
    "This run can't be resumed",
    `What its figures depend on has changed:\n${differences.join("\n")}\nBegin anew, without --resume.`,
  );
}

function factsOf({ environment, frozenAt }: Conditions): Readonly<Record<string, string>> {
  const { [COMMIT]: _, ...decisive } = environment;
  return { ...decisive, "packages as of": frozenAt };
}
