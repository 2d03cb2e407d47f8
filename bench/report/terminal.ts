import type { BenchResult } from "../result.ts";
import { judge } from "./bounds.ts";
import { formatFigure, formatLimit } from "./findings.ts";
import { timeRatio } from "./pairs.ts";
import {
  appsOf,
  contendersOf,
  measuredOf,
  OURS,
  rivalOf,
  situationsOf,
  summarize,
} from "./selection.ts";
import { formatRatio, formatSeconds, nameComparison } from "./words.ts";

/** The medians, a table for each app, and the bounds that were missed. */
export function formatTerminal(result: BenchResult): string {
  const tables = appsOf(result).flatMap((app) => appTable(result, app));
  const brackets = "In brackets: ours / theirs, below 1 ours is quicker.";
  return [...tables, brackets, ...boundLines(result)].join("\n");
}

function appTable(result: BenchResult, app: string): readonly string[] {
  const contenders = contendersOf(result, app);
  const situations = situationsOf(result, app);
  if (situations.length === 0) return [];
  const rows = situations.map((situation) => [
    nameComparison(result, situation),
    ...contenders.map((contender) => {
      const measured = rivalOf(result, situation, contender);
      const spread = summarize(measured, ({ seconds }) => seconds);
      if (spread === undefined) return "–";
      const ours = measuredOf(result, situation, OURS);
      const paired = contender === OURS ? undefined : timeRatio(ours, measured);
      const time = formatSeconds(spread.median);
      return paired === undefined ? time : `${time} (${formatRatio(paired.median)})`;
    }),
  ]);
  return [...aligned([[app, ...contenders], ...rows]), ""];
}

function boundLines(result: BenchResult): readonly string[] {
  const verdicts = judge(result);
  if (verdicts.length === 0) return [];
  const missed = verdicts.filter(({ met }) => !met);
  return [
    `Bounds: ${verdicts.length - missed.length} of ${verdicts.length} met`,
    ...missed.map(({ bound, app, against, figure }) => {
      const whom = against === undefined ? "" : ` against ${against}`;
      const value = formatFigure(bound, figure.value);
      return ` - missed: ${app}, ${bound.scenario}${whom}: ${value}, at most ${formatLimit(bound)}`;
    }),
  ];
}

/** Columns of one width each, two blanks between them. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
