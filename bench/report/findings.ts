import { counted } from "../../src/kit/text.ts";
import type { BenchResult, StartUp } from "../result.ts";
import { BOUNDS, type Bound, growth, judge } from "./bounds.ts";
import { startUpRatio, timeRatio } from "./pairs.ts";
import {
  appsOf,
  contendersOf,
  measuredOf,
  OURS,
  rivalOf,
  situationsOf,
  summarize,
} from "./selection.ts";
import { spreadOf } from "./statistics.ts";
import {
  type Blocks,
  bold,
  formatPercent,
  formatRatio,
  formatSeconds,
  formatSize,
  formatSpread,
  nameComparison,
  table,
} from "./words.ts";

/** Each bound that was measured, and whether it is met. */
export function formatBounds(result: BenchResult): Blocks {
  const verdicts = judge(result);
  const measured = new Set(verdicts.map(({ bound }) => bound));
  const missing = BOUNDS.filter((bound) => !measured.has(bound)).length;
  const unmeasured =
    missing === 0
      ? []
      : [[`${counted(missing, "bound is", "bounds are")} of what this run did not measure.`]];
  if (verdicts.length === 0) return unmeasured;
  const met = verdicts.filter((verdict) => verdict.met).length;
  return [
    [`What we hold ourselves to: ${met} of ${verdicts.length} met.`],
    table(
      ["app", "scenario", "against", "at most", "measured", "", "floor", "from", "how"],
      verdicts.map(({ bound, app, against, figure, met: isMet }) => [
        app,
        bound.scenario,
        against,
        formatLimit(bound),
        bold(formatFigure(bound, figure.value)),
        isMet ? "met" : bold("missed"),
        figure.least === undefined ? undefined : formatFigure(bound, figure.least),
        figure.from,
        bound.how,
      ]),
    ),
    [
      "*floor* is what the figure would be for a buildpack that does nothing, in an app in which nothing has",
      "changed: what pack, its container and the lifecycle take themselves.",
    ],
    ...unmeasured,
  ];
}

/** With one digit more than elsewhere, so that what was missed by little does not look met. */
export function formatFigure({ unit }: Pick<Bound, "unit">, value: number): string {
  if (unit === "bytes") return `${(value / 1e6).toFixed(0)} MB`;
  return unit === "seconds" ? `${value.toFixed(3)} s` : value.toFixed(3);
}

/** "0.12", "0.4 s", "1000 MB". */
export function formatLimit({ unit, limit }: Pick<Bound, "unit" | "limit">): string {
  if (unit === "bytes") return formatFigure({ unit }, limit);
  return unit === "seconds" ? `${limit} s` : String(limit);
}

/** What is new in the registry when a second app with the same heavy packages comes. */
export function formatGrowth(result: BenchResult): Blocks {
  const apps = appsOf(result);
  const contenders = [...new Set(apps.flatMap((app) => contendersOf(result, app)))];
  const of = (app: string, contender: string) => growth(result, app, contender)?.value;
  const rows = apps.filter((app) => contenders.some((name) => of(app, name) !== undefined));
  const columns = contenders.filter((name) => rows.some((app) => of(app, name) !== undefined));
  if (rows.length === 0) return [];
  return [
    [
      "What of a second app with the same heavy packages is new in the registry, as a share of the first's",
      "image:",
    ],
    table(
      ["app", ...columns],
      rows.map((app) => [
        app,
        ...columns.map((name) => {
          const share = of(app, name);
          return share === undefined ? undefined : formatPercent(share);
        }),
      ]),
    ),
  ];
}

/** The images of the first builds, the base image included. */
export function formatSizes({ images }: BenchResult): Blocks {
  if (images.length === 0) return [];
  return [
    ["After the first build, base image included; compressed as the registry stores it."],
    table(
      ["app", "contender", "compressed", "unpacked", "layers"],
      images.map(({ app, contender, compressedBytes, unpackedBytes, layers }) => [
        app,
        contender,
        formatSize(compressedBytes),
        formatSize(unpackedBytes),
        String(layers),
      ]),
    ),
  ];
}

export function formatStartUps(result: BenchResult): Blocks {
  const rows = result.startUps.map((startUp) => {
    const cells = (secondsOf: (one: StartUp) => readonly number[]) => {
      const spread = spreadOf(secondsOf(startUp));
      const ratio =
        startUp.contender === OURS ? undefined : startUpRatio(result, startUp, secondsOf);
      return [
        spread && formatSpread(spread),
        ratio === undefined ? ratio : bold(formatRatio(ratio)),
      ];
    };
    const { app, contender, importSeconds, requestSeconds } = startUp;
    return [
      app,
      contender,
      ...cells((one) => one.importSeconds),
      ...cells((one) => one.requestSeconds),
      String(Math.max(importSeconds.length, requestSeconds.length)),
    ];
  });
  if (rows.length === 0) return [];
  const head = ["app", "contender", "first import", "ours / it", "first request", "ours / it"];
  return [
    [
      "In new containers, contenders in turn: the first import of the app's heavy modules, and the time from the",
      "container's start to the first answer. Medians (least – most).",
    ],
    table([...head, "containers"], rows),
  ];
}

/** Every situation in which a rival is quicker than ours, told without being asked. */
export function formatLosses(result: BenchResult): Blocks {
  const rows = appsOf(result).flatMap((app) =>
    situationsOf(result, app).flatMap((situation) =>
      contendersOf(result, app).flatMap((contender) => {
        const ours = measuredOf(result, situation, OURS);
        const theirs = contender === OURS ? [] : rivalOf(result, situation, contender);
        const paired = timeRatio(ours, theirs);
        const [mine, other] = [ours, theirs].map((all) => summarize(all, ({ seconds }) => seconds));
        if (paired === undefined || paired.median <= 1 || !mine || !other) return [];
        return [
          [
            app,
            nameComparison(result, situation),
            contender,
            formatSeconds(mine.median),
            formatSeconds(other.median),
            bold(formatRatio(paired.median)),
            `${formatRatio(paired.least)} – ${formatRatio(paired.most)}`,
            String(paired.pairs),
          ],
        ];
      }),
    ),
  );
  if (result.measurements.length === 0) return [];
  if (rows.length === 0) return [["In no scenario that was measured."]];
  const head = ["app", "scenario", "rival", "ours", "rival's", "ours / rival's"];
  return [
    ["Where the least of the ratios is below 1, ours was quicker in some pairs."],
    table([...head, "least – most", "pairs"], rows),
  ];
}
