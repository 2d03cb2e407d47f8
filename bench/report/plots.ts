import type { BenchResult, Cost, Scenario } from "../result.ts";
import { type Bar, drawPanels } from "./bars.ts";
import { EXPLAINED, phasesOf } from "./breakdown.ts";
import {
  appsOf,
  contendersOf,
  measuredOf,
  OURS,
  rivalOf,
  type Situation,
  situationsOf,
  summarize,
  USUAL,
} from "./selection.ts";
import { drawStacks } from "./stacks.ts";
import { svgDocument } from "./svg.ts";
import { formatSeconds, formatSize, nameComparison } from "./words.ts";

export const PHASES_PLOT = "phases.svg";
export const NEW_PLOT = "new-in-the-registry.svg";

export function timePlotOf(app: string): string {
  return `time-${app.replaceAll(/[^\w-]/g, "-")}.svg`;
}

/**
 * The SVG files of the report, by name: wall time of each app, bytes new in the registry, our
 * phases. Strings without a library: those that draw such charts need a browser's document, or some
 * ninety packages, and none of them writes the colours of both schemes into one file.
 */
export function plots(result: BenchResult): ReadonlyMap<string, string> {
  const found = [
    ...appsOf(result).map((app) => [timePlotOf(app), timePlot(result, app)] as const),
    [NEW_PLOT, newPlot(result)] as const,
    [PHASES_PLOT, phasesPlot(result)] as const,
  ];
  return new Map(found.flatMap(([name, svg]) => (svg === undefined ? [] : [[name, svg]])));
}

function timePlot(result: BenchResult, app: string): string | undefined {
  const panels = situationsOf(result, app).map((situation) => ({
    title: nameComparison(result, situation),
    bars: barsOf(result, situation, ({ seconds }) => seconds, formatSeconds),
  }));
  const drawn = panels.filter(({ bars }) => bars.length > 0);
  if (drawn.length === 0) return undefined;
  const subtitle =
    "Median wall time in seconds; whiskers: least and most, none of several additions. A scale for each scenario.";
  return svgDocument(`${app}: how long builds take`, subtitle, drawPanels(drawn, 2));
}

/** Where contenders differ most in what is new in the registry. */
const GROWING = ["add", "upgrade-heavy", "second-app"] as const satisfies readonly Scenario[];

function newPlot(result: BenchResult): string | undefined {
  const panels = appsOf(result).flatMap((app) =>
    GROWING.map((scenario) => {
      const situation = { app, scenario, ...USUAL };
      const bars = barsOf(result, situation, ({ pushedBytes }) => pushedBytes, formatSize);
      return { title: `${app}: ${scenario}`, bars };
    }),
  );
  const drawn = panels.filter(({ bars }) => bars.length > 0);
  if (drawn.length === 0) return undefined;
  const subtitle =
    "Median of compressed bytes that the registry had in no image. Each has a scale of its own.";
  return svgDocument("New in the registry", subtitle, drawPanels(drawn, GROWING.length));
}

function phasesPlot(result: BenchResult): string | undefined {
  const groups = appsOf(result).map((app) => ({
    title: app,
    stacks: EXPLAINED.map((scenario) => ({
      name: scenario,
      phases: phasesOf(measuredOf(result, { app, scenario, ...USUAL }, OURS)),
    })).filter(({ phases }) => phases.size > 0),
  }));
  const drawn = groups.filter(({ stacks }) => stacks.length > 0);
  if (drawn.length === 0) return undefined;
  const subtitle =
    "Shares of our builds by phase, medians in seconds; at the end of each bar their sum.";
  return svgDocument("Where our time goes", subtitle, drawStacks(drawn));
}

function barsOf(
  result: BenchResult,
  situation: Situation,
  figure: (cost: Cost) => number,
  format: (value: number) => string,
): readonly Bar[] {
  return contendersOf(result, situation.app).flatMap((name) => {
    const spread = summarize(rivalOf(result, situation, name), figure);
    if (spread === undefined) return [];
    return [{ name, ours: name === OURS, spread, label: format(spread.median) }];
  });
}
