import type { BenchResult, Cost, Measurement, Scenario } from "../result.ts";
import { SCENARIOS } from "../result.ts";
import { defined, median, ratio, type Spread } from "./statistics.ts";

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
 * What ours is held against. A rival without images to start from begins with a cold build, where
 * ours is seeded by another app's image.
 */
export function rivalOf(
  result: BenchResult,
  situation: Situation,
  contender: string,
): readonly Measurement[] {
  const measured = measuredOf(result, situation, contender);
  const begins = situation.scenario === "seeded" && contender !== OURS;
  if (!begins || measured.length > 0) return measured;
  return measuredOf(result, { ...situation, scenario: "cold" }, contender);
}

/** The additions that were measured, or whatever else is particular; none where nothing is. */
export function detailsOf(measured: readonly Measurement[]): readonly string[] {
  return [...new Set(measured.map(({ detail }) => detail))].filter(defined);
}

/** Each detail counts once, however often it was measured: a median of medians. */
export function summarize(
  measured: readonly Measurement[],
  figure: (cost: Cost) => number,
): Spread | undefined {
  const all = measured.map(({ cost }) => figure(cost));
  const middle = medianByDetail(
    measured.map(({ detail, cost }) => ({ detail, value: figure(cost) })),
  );
  if (middle === undefined) return undefined;
  return { median: middle, least: Math.min(...all), most: Math.max(...all) };
}

/** Something that is said of two builds of one round, such as a ratio. */
export interface Paired {
  readonly median: number;
  readonly pairs: number;
}

/** Pairs have one round and one detail; where the scenarios differ, one round. */
export function pair(
  ours: readonly Measurement[],
  theirs: readonly Measurement[],
  figure: (ours: Cost, theirs: Cost) => number | undefined,
): Paired | undefined {
  const values = ours.flatMap(({ round, detail, scenario, cost }) => {
    const other = theirs.find(
      (measured) =>
        measured.round === round && (measured.scenario !== scenario || measured.detail === detail),
    );
    const value = other === undefined ? undefined : figure(cost, other.cost);
    return value === undefined ? [] : [{ detail, value }];
  });
  const middle = medianByDetail(values);
  return middle === undefined ? undefined : { median: middle, pairs: values.length };
}

/** Ours divided by theirs, in wall time: below 1, ours is quicker. */
export function timeRatio(
  ours: readonly Measurement[],
  theirs: readonly Measurement[],
): Paired | undefined {
  return pair(ours, theirs, (a, b) => ratio(a.seconds, b.seconds));
}

function medianByDetail(
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
