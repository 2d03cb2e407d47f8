import type { BenchResult, Cost, Measurement, Scenario } from "../result.ts";
import { SCENARIOS } from "../result.ts";
import { defined, median, type Spread, spreadOf } from "./statistics.ts";

export const OURS = "ours";
/** A buildpack that does nothing: what pack and the lifecycle take of their own accord. */
export const FLOOR = "floor";

/** What is built, and where. */
export interface Situation {
  readonly app: string;
  readonly scenario: Scenario;
  readonly machine: Measurement["machine"];
  readonly target: Measurement["target"];
}

/** Machine and target as most people have them. */
export const USUAL = { machine: "warm", target: "registry" } as const;
export const FRESH = { machine: "fresh", target: "registry" } as const;

/** In the order in which they were measured. */
export function appsOf({ measurements, images, startUps }: BenchResult): readonly string[] {
  return [...new Set([...measurements, ...images, ...startUps].map(({ app }) => app))];
}

/** Those of an app that were measured: the usual ones first, each in the scenarios' order. */
export function situationsOf({ measurements }: BenchResult, app: string): readonly Situation[] {
  const places = [
    USUAL,
    FRESH,
    { machine: "warm", target: "engine" },
    { machine: "fresh", target: "engine" },
  ] as const;
  return places
    .flatMap((place) => SCENARIOS.map((scenario) => ({ app, scenario, ...place })))
    .filter((situation) => measurements.some((measured) => isOf(measured, situation)));
}

/** Ours first, then the rivals as they were measured; the floor is nobody's rival. */
export function contendersOf(
  { measurements, images, startUps }: BenchResult,
  app: string,
): readonly string[] {
  const names = [...measurements, ...images, ...startUps]
    .filter((measured) => measured.app === app)
    .map(({ contender }) => contender);
  return [...new Set([OURS, ...names])].filter(
    (name) => name !== FLOOR && (name !== OURS || names.includes(OURS)),
  );
}

export function measuredOf(
  { measurements }: BenchResult,
  situation: Situation,
  contender: string,
): readonly Measurement[] {
  return measurements.filter(
    (measured) => measured.contender === contender && isOf(measured, situation),
  );
}

/**
 * What ours is held against. A rival can't be seeded by another app's image: beside ours, which is,
 * it builds the same app without, or for the first time where the round has no such build.
 */
export function rivalOf(
  result: BenchResult,
  situation: Situation,
  contender: string,
): readonly Measurement[] {
  const measured = measuredOf(result, situation, contender);
  if (situation.scenario !== "seeded" || contender === OURS || measured.length > 0) return measured;
  const [secondApps, cold] = (["second-app", "cold"] as const).map((scenario) =>
    measuredOf(result, { ...situation, scenario }, contender),
  );
  return roundsOf(measuredOf(result, situation, OURS)).flatMap((number) => {
    const inRound = (all: readonly Measurement[] = []) =>
      all.filter(({ round }) => round === number);
    const found = inRound(secondApps);
    return found.length > 0 ? found : inRound(cold);
  });
}

/** The scenarios that rivals are held against ours in, where they are others than ours. */
export function standInsFor(result: BenchResult, situation: Situation): readonly Scenario[] {
  const scenarios = contendersOf(result, situation.app)
    .filter((contender) => contender !== OURS)
    .flatMap((contender) => rivalOf(result, situation, contender).map(({ scenario }) => scenario));
  return [...new Set(scenarios)].filter((scenario) => scenario !== situation.scenario);
}

/** The numbers of the rounds that have any of them. */
export function roundsOf(measured: readonly Measurement[]): readonly number[] {
  return [...new Set(measured.map(({ round }) => round))];
}

/** The additions that were measured, or whatever else is particular; none where nothing is. */
export function detailsOf(measured: readonly Measurement[]): readonly string[] {
  return [...new Set(measured.map(({ detail }) => detail))].filter(defined);
}

/**
 * The median, where each detail counts once. Several details have no spread: that one package takes
 * longer than another says nothing of how sure a figure is.
 */
export function summarize(
  measured: readonly Measurement[],
  figure: (cost: Cost) => number,
): Spread | undefined {
  const values = measured.map(({ detail, cost }) => ({ detail, value: figure(cost) }));
  const middle = medianByDetail(values);
  if (middle === undefined) return undefined;
  return detailsOf(measured).length > 1
    ? { median: middle, least: middle, most: middle }
    : spreadOf(values.map(({ value }) => value));
}

/** Each detail counts once, however often it was measured: a median of medians. */
export function medianByDetail(
  values: readonly { readonly detail: string | undefined; readonly value: number }[],
): number | undefined {
  const details = [...new Set(values.map(({ detail }) => detail))];
  return median(
    details
      .map((detail) =>
        median(values.filter((one) => one.detail === detail).map(({ value }) => value)),
      )
      .filter(defined),
  );
}

function isOf(measured: Measurement, situation: Situation): boolean {
  const { app, scenario, machine, target } = situation;
  return (
    measured.app === app &&
    measured.scenario === scenario &&
    measured.machine === machine &&
    measured.target === target
  );
}
