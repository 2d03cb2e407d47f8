import type { BenchResult, Cost } from "../result.ts";
import {
  contendersOf,
  detailsOf,
  measuredOf,
  OURS,
  rivalOf,
  type Situation,
  situationsOf,
  summarize,
  timeRatio,
  USUAL,
} from "./selection.ts";
import {
  type Blocks,
  bold,
  code,
  formatRatio,
  formatSeconds,
  formatSize,
  formatSpread,
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
      "Median wall time (least – most). In bold, ours divided by the rival's, the median of the rounds'",
      "ratios: below 1, ours is quicker.",
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
    ["scenario", ...columns],
    situations.map((situation) => [
      nameRow(result, situation),
      ...columns.map((contender) => timeCell(result, situation, contender)),
    ]),
  );
}

/** With the requirement where there is only one. */
function nameRow(result: BenchResult, situation: Situation): string {
  const details = detailsOf(measuredOf(result, situation, OURS));
  const [detail] = details;
  return detail === undefined || details.length > 1
    ? situation.scenario
    : `${situation.scenario}: ${code(detail)}`;
}

function timeCell(
  result: BenchResult,
  situation: Situation,
  contender: string,
): string | undefined {
  const ours = measuredOf(result, situation, OURS);
  const measured = rivalOf(result, situation, contender);
  const spread = summarize(measured, ({ seconds }) => seconds);
  if (spread === undefined) return undefined;
  const paired = contender === OURS ? undefined : timeRatio(ours, measured);
  const time = formatSpread(spread);
  return paired === undefined ? time : `${time} ${bold(formatRatio(paired.median))}`;
}

/** Each addition in a row of its own, and their median, for a warm machine and a registry. */
export function additionTables(result: BenchResult, app: string): Blocks {
  const situation = { app, scenario: "add", ...USUAL } as const;
  const details = detailsOf(measuredOf(result, situation, OURS));
  if (details.length < 2) return [];
  const columns = contendersOf(result, app).filter(
    (contender) => measuredOf(result, situation, contender).length > 0,
  );
  const of = (contender: string, detail: string) =>
    measuredOf(result, situation, contender).filter((measured) => measured.detail === detail);
  const rows = details.map((detail) => [
    code(detail),
    ...columns.map((contender) => {
      const spread = summarize(of(contender, detail), ({ seconds }) => seconds);
      const paired =
        contender === OURS ? undefined : timeRatio(of(OURS, detail), of(contender, detail));
      if (spread === undefined) return undefined;
      const time = formatSeconds(spread.median);
      return paired === undefined ? time : `${time} ${bold(formatRatio(paired.median))}`;
    }),
  ]);
  const medians = columns.map((contender) => {
    const measured = measuredOf(result, situation, contender);
    const spread = summarize(measured, ({ seconds }) => seconds);
    const paired =
      contender === OURS ? undefined : timeRatio(measuredOf(result, situation, OURS), measured);
    return [
      ...(spread === undefined ? [] : [formatSeconds(spread.median)]),
      ...(paired === undefined ? [] : [bold(formatRatio(paired.median))]),
    ].join(" ");
  });
  return [["### The additions"], table(["added", ...columns], [...rows, ["median", ...medians]])];
}

/** Everything but time, folded away: medians, and for the peaks the most. */
export function costTables(result: BenchResult, app: string): Blocks {
  const contenders = contendersOf(result, app);
  const rows = situationsOf(result, app).flatMap((situation) =>
    contenders.flatMap((contender) => {
      const measured = measuredOf(result, situation, contender);
      if (measured.length === 0) return [];
      const middle = (figure: (cost: Cost) => number) => summarize(measured, figure)?.median ?? 0;
      const most = (figure: (cost: Cost) => number) => summarize(measured, figure)?.most ?? 0;
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
  const head = ["scenario", "contender", "downloaded", "pushed", "layers pushed", "CPU"];
  return [
    ["<details>", "<summary>Bytes, CPU, memory and disk</summary>"],
    ["Medians; of memory and disk the most of all rounds."],
    table([...head, "peak memory", "peak disk"], rows),
    ["</details>"],
  ];
}
