import type { BenchResult, Cost, Measurement } from "../result.ts";
import { timeRatio } from "./pairs.ts";
import {
  contendersOf,
  detailsOf,
  measuredOf,
  OURS,
  rivalOf,
  type Situation,
  situationsOf,
  summarize,
  USUAL,
} from "./selection.ts";
import { defined } from "./statistics.ts";
import {
  type Blocks,
  bold,
  code,
  formatRange,
  formatRatio,
  formatSeconds,
  formatSize,
  formatSpread,
  nameComparison,
  nameSituation,
  table,
} from "./words.ts";

/** Scenario × contender, in tables of their own for fresh machines and for builds into the engine. */
export function timeTables(result: BenchResult, app: string): Blocks {
  const situations = situationsOf(result, app);
  const places = [
    { title: "Pushed to a registry", machine: "warm", target: "registry" },
    { title: "On a fresh machine", machine: "fresh", target: "registry" },
    { title: "Into the engine", machine: "warm", target: "engine" },
    { title: "Into the engine, on a fresh machine", machine: "fresh", target: "engine" },
  ] as const;
  const tables = places.flatMap(({ title, machine, target }) => {
    const rows = situations.filter((one) => one.machine === machine && one.target === target);
    if (rows.length === 0) return [];
    return [[`### ${title}`], timeTable(result, app, rows)];
  });
  if (tables.length === 0) return [];
  return [
    [
      "Median wall time (least – most; none of several additions). In bold, ours divided by the rival's, the",
      "median of the rounds' ratios: below 1, ours is quicker. *builds* and *pairs* are how many stand behind",
      "each time and each ratio of a row, from the fewest to the most.",
    ],
    ...tables,
  ];
}

function timeTable(
  result: BenchResult,
  app: string,
  situations: readonly Situation[],
): readonly string[] {
  // Columns without a figure in any row are left out.
  const columns = contendersOf(result, app).filter((contender) =>
    situations.some((situation) => rivalOf(result, situation, contender).length > 0),
  );
  return table(
    ["scenario", ...columns, ...COUNTS],
    situations.map((situation) => {
      const measured = columns.map((contender) => rivalOf(result, situation, contender));
      return [nameRow(result, situation), ...timeCells(columns, measured)];
    }),
  );
}

/** With the requirement where there is only one. */
function nameRow(result: BenchResult, situation: Situation): string {
  const details = detailsOf(measuredOf(result, situation, OURS));
  const [detail] = details;
  const name = nameComparison(result, situation, situation.scenario);
  return detail === undefined || details.length > 1 ? name : `${name}: ${code(detail)}`;
}

const COUNTS = ["builds", "pairs"];

/** What each contender's builds took, with the ratio of ours to it, and how many of both there are. */
function timeCells(
  contenders: readonly string[],
  measured: readonly (readonly Measurement[])[],
): readonly (string | undefined)[] {
  const ours = measured[contenders.indexOf(OURS)] ?? [];
  const ratios = measured.map((theirs, index) =>
    contenders[index] === OURS ? undefined : timeRatio(ours, theirs),
  );
  const times = measured.map((builds, index) => {
    const spread = summarize(builds, ({ seconds }) => seconds);
    const ratio = ratios[index];
    if (spread === undefined) return undefined;
    const time = formatSpread(spread);
    return ratio === undefined ? time : `${time} ${bold(formatRatio(ratio.median))}`;
  });
  const builds = measured.map(({ length }) => length).filter((count) => count > 0);
  const pairs = ratios.filter(defined).map((ratio) => ratio.pairs);
  return [...times, formatRange(builds), formatRange(pairs)];
}

/** Each addition in a row of its own, and their median, for a warm machine and a registry. */
export function additionTables(result: BenchResult, app: string): Blocks {
  const situation = { app, scenario: "add", ...USUAL } as const;
  const details = detailsOf(measuredOf(result, situation, OURS));
  if (details.length < 2) return [];
  const columns = contendersOf(result, app).filter(
    (contender) => measuredOf(result, situation, contender).length > 0,
  );
  const all = columns.map((contender) => measuredOf(result, situation, contender));
  const rows = details.map((detail) => {
    const measured = all.map((builds) => builds.filter((build) => build.detail === detail));
    return [code(detail), ...timeCells(columns, measured)];
  });
  return [
    ["### The additions"],
    table(["added", ...columns, ...COUNTS], [...rows, ["median", ...timeCells(columns, all)]]),
  ];
}

/** Everything but time, folded away: medians, and for the peaks the most. */
export function costTables(result: BenchResult, app: string): Blocks {
  const contenders = contendersOf(result, app);
  const rows = situationsOf(result, app).flatMap((situation) =>
    contenders.flatMap((contender) => {
      const measured = measuredOf(result, situation, contender);
      if (measured.length === 0) return [];
      const middle = (figure: (cost: Cost) => number) => summarize(measured, figure)?.median ?? 0;
      const most = (figure: (cost: Cost) => number) =>
        Math.max(...measured.map(({ cost }) => figure(cost)));
      const pushes = situation.target === "registry";
      return [
        [
          nameSituation(situation),
          contender,
          formatSize(middle(({ downloadedBytes }) => downloadedBytes)),
          pushes ? formatSize(middle(({ pushedBytes }) => pushedBytes)) : undefined,
          pushes ? String(middle(({ pushedLayers }) => pushedLayers)) : undefined,
          formatSeconds(middle(({ cpuSeconds }) => cpuSeconds)),
          formatSize(most(({ peakMemoryBytes }) => peakMemoryBytes)),
          formatSize(most(({ peakDiskBytes }) => peakDiskBytes)),
        ],
      ];
    }),
  );
  if (rows.length === 0) return [];
  const head = ["scenario", "contender", "downloaded", "new in the registry", "new layers", "CPU"];
  return [
    ["<details>", "<summary>Bytes, CPU, memory and disk</summary>"],
    ["Medians; of memory and disk the most of all rounds."],
    table([...head, "peak memory", "peak disk"], rows),
    ["</details>"],
  ];
}
