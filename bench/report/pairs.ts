import type { BenchResult, Cost, Measurement, StartUp } from "../result.ts";
import { FLOOR, measuredOf, medianByDetail, OURS, type Situation } from "./selection.ts";
import { median, ratio, type Spread, spreadOf } from "./statistics.ts";

/** Something that is said of two builds of one round, such as a ratio. */
export interface Paired extends Spread {
  readonly pairs: number;
}

/** Pairs have one round and one detail; where the scenarios differ, one round. */
export function pair(
  ours: readonly Measurement[],
  theirs: readonly Measurement[],
  figure: (ours: Cost, theirs: Cost) => number | undefined,
): Paired | undefined {
  const found = ours.flatMap(({ round, detail, scenario, cost }) => {
    const other = theirs.find(
      (measured) =>
        measured.round === round && (measured.scenario !== scenario || measured.detail === detail),
    );
    const value = other === undefined ? undefined : figure(cost, other.cost);
    return value === undefined ? [] : [{ detail, value }];
  });
  const spread = spreadOf(found.map(({ value }) => value));
  const middle = medianByDetail(found);
  if (spread === undefined || middle === undefined) return undefined;
  return { ...spread, median: middle, pairs: found.length };
}

/** Ours divided by theirs, in wall time: below 1, ours is quicker. */
export function timeRatio(
  ours: readonly Measurement[],
  theirs: readonly Measurement[],
): Paired | undefined {
  return pair(ours, theirs, (a, b) => ratio(a.seconds, b.seconds));
}

/** Seconds of ours beyond those of a buildpack that does nothing. */
export function overheadOf(result: BenchResult, situation: Situation): Paired | undefined {
  return pair(
    measuredOf(result, situation, OURS),
    measuredOf(result, situation, FLOOR),
    (ours, floor) => ours.seconds - floor.seconds,
  );
}

/**
 * What the ratio to these builds of a rival would be if pack, its container and the lifecycle were
 * all that takes time: an app in which nothing has changed, by a buildpack that does nothing.
 */
export function floorRatio(
  result: BenchResult,
  situation: Situation,
  theirs: readonly Measurement[],
): Paired | undefined {
  const floor = measuredOf(result, { ...situation, scenario: "unchanged" }, FLOOR);
  return pair(theirs, floor, (their, nothing) => ratio(nothing.seconds, their.seconds));
}

/** Median of ours divided by theirs, of containers that were started in turn. */
export function startUpRatio(
  { startUps }: BenchResult,
  theirs: StartUp,
  secondsOf: (startUp: StartUp) => readonly number[],
): number | undefined {
  const ours = startUps.find(
    ({ app, contender, round }) =>
      app === theirs.app && contender === OURS && round === theirs.round,
  );
  const [above, below] = [ours && median(secondsOf(ours)), median(secondsOf(theirs))];
  return above === undefined || below === undefined ? undefined : ratio(above, below);
}
