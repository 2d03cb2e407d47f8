import { counted } from "../../src/kit/text.ts";
import { APPS } from "../apps.ts";
import type { BenchResult, Scenario, StartUp } from "../result.ts";
import { floorRatio, overheadOf, startUpRatio, timeRatio } from "./pairs.ts";
import {
  appsOf,
  FLOOR,
  FRESH,
  measuredOf,
  OURS,
  rivalOf,
  type Situation,
  USUAL,
} from "./selection.ts";
import { median, ratio } from "./statistics.ts";

/** What we hold ourselves to. A bound is met where the figure is at most the limit. */
export interface Bound {
  /** "*": each app that was measured. */
  readonly app: string;
  /** A scenario, or what else is weighed. */
  readonly scenario: string;
  /** Whom ours is held against; undefined where the limit is absolute, or the figure says it. */
  readonly contender: string | undefined;
  readonly limit: number;
  readonly unit: "times" | "seconds" | "bytes";
  /** How the figure is computed. */
  readonly how: string;
  /** Undefined where the run has not measured it. */
  readonly figure: (result: BenchResult, app: string) => Figure | undefined;
}

interface Figure {
  readonly value: number;
  /** What it was computed from: "15 pairs". */
  readonly from: string;
  /** What it would be if only pack and the lifecycle took time. */
  readonly least?: number | undefined;
  /** Whom ours was held against, where that depends on the app. */
  readonly against?: string | undefined;
}

export interface Verdict {
  readonly bound: Bound;
  readonly app: string;
  /** Whom ours was held against; undefined where the limit is absolute. */
  readonly against: string | undefined;
  readonly figure: Figure;
  readonly met: boolean;
}

const HOW: Partial<Record<Scenario, string>> = {
  add: "ours / theirs in wall time, median of the rounds for each addition, then of the additions",
  seeded:
    "ours / their second-app in wall time (their cold build in rounds without it), median of the rounds",
};

export const BOUNDS: readonly Bound[] = [
  times("vision", "cold", "pip", 0.5),
  times("vision", "cold", "uv", 0.9),
  times("vision", "add", "pip", 0.12),
  times("vision", "add", "uv", 0.12),
  ...["unchanged", "edit"].flatMap((scenario) =>
    ["pip", "uv"].map((rival) => times("vision", scenario as Scenario, rival, 0.35, FRESH)),
  ),
  times("torch", "cold", "pip", 0.45),
  times("torch", "seeded", "pip", 0.02),
  times("torch", "add", "pip", 0.025),
  {
    ...{ app: "torch", scenario: "peak memory", contender: undefined },
    ...{ limit: 1e9, unit: "bytes" },
    how: "the most of all our builds",
    figure: peakMemory,
  },
  {
    ...{ app: "torch", scenario: "second-app", contender: undefined },
    ...{ limit: 0.02, unit: "times" },
    how: "bytes new in the registry / compressed size of the first app's image",
    figure: growth,
  },
  overhead(0.4),
  smallest("compressed size", ({ compressedBytes }) => compressedBytes),
  smallest("unpacked size", ({ unpackedBytes }) => unpackedBytes),
  startUp("first import", ({ importSeconds }) => importSeconds, 1.05),
  startUp("first request", ({ requestSeconds }) => requestSeconds, 1.05),
];

/** Of the bounds that the run has measured. */
export function judge(result: BenchResult): readonly Verdict[] {
  return BOUNDS.flatMap((bound) =>
    appsOf(result).flatMap((app) => {
      const figure = bound.app === "*" || bound.app === app ? bound.figure(result, app) : undefined;
      if (figure === undefined) return [];
      const against = figure.against ?? bound.contender;
      return [{ bound, app, against, figure, met: figure.value <= bound.limit }];
    }),
  );
}

function times(
  app: string,
  scenario: Scenario,
  rival: string,
  limit: number,
  place: Pick<Situation, "machine" | "target"> = USUAL,
): Bound {
  const figure = (result: BenchResult) => {
    const situation = { app, scenario, ...place };
    const ours = measuredOf(result, situation, OURS);
    const theirs = rivalOf(result, situation, rival);
    const paired = timeRatio(ours, theirs);
    const least = floorRatio(result, situation, theirs)?.median;
    return paired && { value: paired.median, from: counted(paired.pairs, "pair"), least };
  };
  return {
    ...{ app, contender: rival, limit, unit: "times", figure },
    scenario: place.machine === "fresh" ? `${scenario}, fresh machine` : scenario,
    how: HOW[scenario] ?? "ours / theirs in wall time, median of the rounds",
  };
}

/** Seconds beyond what pack and the lifecycle take for a buildpack that does nothing. */
function overhead(limit: number): Bound {
  return {
    ...{ app: "*", scenario: "unchanged", contender: FLOOR, limit, unit: "seconds" },
    how: "ours − a buildpack that does nothing, median of the rounds",
    figure: (result, app) => {
      const paired = overheadOf(result, { app, scenario: "unchanged", ...USUAL });
      return paired && { value: paired.median, from: counted(paired.pairs, "pair") };
    },
  };
}

function peakMemory({ measurements }: BenchResult, app: string): Figure | undefined {
  const peaks = measurements
    .filter((measured) => measured.app === app && measured.contender === OURS)
    .map(({ cost }) => cost.peakMemoryBytes);
  if (peaks.length === 0) return undefined;
  return { value: Math.max(...peaks), from: counted(peaks.length, "build") };
}

/** What a second app adds to the registry, as a share of the first app's image. */
export function growth(result: BenchResult, app: string, contender = OURS): Figure | undefined {
  const measured = measuredOf(result, { app, scenario: "second-app", ...USUAL }, contender);
  const pushed = median(measured.map(({ cost }) => cost.pushedBytes));
  const image = result.images.find((one) => one.app === app && one.contender === contender);
  if (pushed === undefined || image === undefined) return undefined;
  const value = ratio(pushed, image.compressedBytes);
  return value === undefined ? undefined : { value, from: counted(measured.length, "build") };
}

function smallest(
  scenario: string,
  sizeOf: (image: BenchResult["images"][number]) => number,
): Bound {
  return {
    ...{
      app: "*",
      scenario,
      contender: "the smallest rival",
      limit: 1,
      unit: "times",
      how: "ours / theirs",
    },
    figure: ({ images }, app) => {
      const ofApp = images.filter((image) => image.app === app);
      const ours = ofApp.find(({ contender }) => contender === OURS);
      const rivals = ofApp.filter(({ contender }) => contender !== OURS && contender !== FLOOR);
      if (ours === undefined || rivals.length === 0) return undefined;
      const value = ratio(sizeOf(ours), Math.min(...rivals.map(sizeOf)));
      return value === undefined ? undefined : { value, from: counted(rivals.length + 1, "image") };
    },
  };
}

function startUp(
  scenario: string,
  secondsOf: (startUp: StartUp) => readonly number[],
  limit: number,
): Bound {
  return {
    ...{ app: "*", scenario, contender: undefined, limit, unit: "times" },
    how: "median of ours / median of its first rival's, in new containers",
    figure: (result, app) => {
      const against = APPS.find(({ name }) => name === app)?.rivals[0];
      const paired = result.startUps
        .filter((one) => one.app === app && one.contender === against)
        .flatMap((theirs) => {
          const value = startUpRatio(result, theirs, secondsOf);
          return value === undefined ? [] : [{ value, containers: secondsOf(theirs).length }];
        });
      const value = median(paired.map((one) => one.value));
      const containers = paired.reduce((sum, one) => sum + one.containers, 0);
      return value === undefined
        ? undefined
        : { value, from: `${counted(containers, "container")} each`, against };
    },
  };
}
