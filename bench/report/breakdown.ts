import type { BenchResult, Measurement, Scenario } from "../result.ts";
import {
  appsOf,
  contendersOf,
  FLOOR,
  measuredOf,
  medianByDetail,
  OURS,
  situationsOf,
  summarize,
  USUAL,
} from "./selection.ts";
import { overheadOf } from "./pairs.ts";
import { type Blocks, bold, formatRatio, formatSeconds, nameSituation, table } from "./words.ts";

/** The scenarios whose phases are told. */
export const EXPLAINED = ["cold", "unchanged", "add"] as const satisfies readonly Scenario[];

/** Median seconds of each phase, in the order in which they ran. */
export function phasesOf(measured: readonly Measurement[]): ReadonlyMap<string, number> {
  const names = new Set(measured.flatMap(({ cost }) => cost.phases.map(({ name }) => name)));
  const secondsOf = (phases: Measurement["cost"]["phases"], wanted: string) =>
    phases.filter(({ name }) => name === wanted).reduce((sum, { seconds }) => sum + seconds, 0);
  return new Map(
    [...names].map((name) => [
      name,
      medianByDetail(
        measured.map(({ detail, cost }) => ({ detail, value: secondsOf(cost.phases, name) })),
      ) ?? 0,
    ]),
  );
}

export function formatPhases(result: BenchResult): Blocks {
  const tables = appsOf(result).flatMap((app) => {
    const columns = EXPLAINED.map((scenario) => ({
      scenario,
      phases: phasesOf(measuredOf(result, { app, scenario, ...USUAL }, OURS)),
    })).filter(({ phases }) => phases.size > 0);
    if (columns.length === 0) return [];
    const names = [...new Set(columns.flatMap(({ phases }) => [...phases.keys()]))];
    const rows = names.map((name) => [
      name,
      ...columns.map(({ phases }) => {
        const seconds = phases.get(name);
        return seconds === undefined ? undefined : formatSeconds(seconds);
      }),
    ]);
    return [[bold(app)], table(["phase", ...columns.map(({ scenario }) => scenario)], rows)];
  });
  if (tables.length === 0) return [];
  return [["<details>", "<summary>Seconds by phase, medians</summary>"], ...tables, ["</details>"]];
}

/** What our buildpacks add to a build in which nothing has changed. */
export function formatOverhead(result: BenchResult): Blocks {
  const rows = appsOf(result).flatMap((app) =>
    situationsOf(result, app)
      .filter(({ scenario }) => scenario === "unchanged")
      .flatMap((situation) => {
        const overhead = overheadOf(result, situation);
        if (overhead === undefined) return [];
        const [ours, floor] = [OURS, FLOOR].map((contender) => {
          const measured = measuredOf(result, situation, contender);
          const spread = summarize(measured, ({ seconds }) => seconds);
          return spread && formatSeconds(spread.median);
        });
        const difference = bold(formatSeconds(overhead.median));
        return [[app, nameSituation(situation), ours, floor, difference, String(overhead.pairs)]];
      }),
  );
  if (rows.length === 0) return [];
  return [
    [
      "The same app built by a buildpack of `sh` that does nothing. The difference is the median of the",
      "rounds' differences.",
    ],
    table(["app", "scenario", "ours", "does nothing", "difference", "pairs"], rows),
  ];
}

/** How far each cold build is from the sum of what it can't do without. */
export function formatLimits(result: BenchResult): Blocks {
  const { downloadBytesPerSecond, gzipBytesPerSecond, containerSeconds } = result.limits;
  const rows = appsOf(result).flatMap((app) =>
    contendersOf(result, app).flatMap((contender) => {
      const measured = measuredOf(result, { app, scenario: "cold", ...USUAL }, contender);
      const image = result.images.find((one) => one.app === app && one.contender === contender);
      const middle = (figure: (cost: Measurement["cost"]) => number) =>
        summarize(measured, figure)?.median;
      const seconds = middle((cost) => cost.seconds);
      const downloaded = middle((cost) => cost.downloadedBytes);
      const added = middle((cost) => cost.pushedBytes);
      if (seconds === undefined || downloaded === undefined || added === undefined) return [];
      if (image === undefined || image.compressedBytes <= 0) return [];
      if (downloadBytesPerSecond <= 0 || gzipBytesPerSecond <= 0) return [];
      const download = downloaded / downloadBytesPerSecond;
      const unpacked = (added / image.compressedBytes) * image.unpackedBytes;
      const gzip = unpacked / gzipBytesPerSecond;
      const sum = download + gzip + containerSeconds;
      return [
        [
          app,
          contender,
          ...[download, gzip, containerSeconds, sum, seconds].map(formatSeconds),
          ...(sum > 0 ? [bold(formatRatio(seconds / sum))] : [undefined]),
        ],
      ];
    }),
  );
  if (rows.length === 0) return [];
  const head = ["app", "contender", "download", "gzip", "container", "sum", "cold build"];
  return [
    [
      `This machine downloads ${speed(downloadBytesPerSecond)} from the index, compresses ${speed(gzipBytesPerSecond)} in one thread`,
      `(Go's gzip at the lifecycle's level), and takes ${formatSeconds(containerSeconds)} to start and remove a container. For each cold`,
      "build: what it downloaded and what was new in the registry, at these speeds, one after the other, and",
      "one container. The uncompressed size of what was new is estimated by the image's ratio. A builder that",
      "does these at once, or in several threads, can be below 1.",
    ],
    table([...head, "build / sum"], rows),
  ];
}

function speed(bytesPerSecond: number): string {
  return `${(bytesPerSecond / 1e6).toFixed(0)} MB/s`;
}
