import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { judge } from "../../bench/report/bounds.ts";
import { formatReport } from "../../bench/report/document.ts";
import { plots } from "../../bench/report/plots.ts";
import { readResult, writeResult } from "../../bench/report/result-file.ts";
import { pair } from "../../bench/report/pairs.ts";
import { rivalOf, summarize } from "../../bench/report/selection.ts";
import { median, ratio } from "../../bench/report/statistics.ts";
import { formatTerminal } from "../../bench/report/terminal.ts";
import { writeReport } from "../../bench/report/write-report.ts";
import type { BenchResult, Cost, Measurement } from "../../bench/result.ts";
import { temporaryDirectory } from "../support/temporary.ts";

it("takes medians of odd and even numbers of figures, and none of nothing", () => {
  expect(median([9, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 9])).toBe(3);
  expect(median([])).toBeUndefined();
  expect(ratio(1, 0)).toBeUndefined();
});

it("counts each addition once, however often it was measured", () => {
  const measured = [
    build({ scenario: "add", detail: "a", round: 1 }, 1),
    build({ scenario: "add", detail: "a", round: 2 }, 1),
    build({ scenario: "add", detail: "a", round: 3 }, 1),
    build({ scenario: "add", detail: "b", round: 1 }, 4),
    build({ scenario: "add", detail: "c", round: 1 }, 10),
  ];
  const spreadOf = (some: readonly Measurement[]) => summarize(some, ({ seconds }) => seconds);
  // That packages differ is no spread.
  expect(spreadOf(measured)).toEqual({ median: 4, least: 4, most: 4 });
  const one = [...measured.slice(0, 3), build({ scenario: "add", detail: "a" }, 7)];
  expect(spreadOf(one)).toEqual({ median: 1, least: 1, most: 7 });
});

it("divides within a round, and leaves out what has no counterpart", () => {
  const ours = [build({ round: 1 }, 1), build({ round: 2 }, 30), build({ round: 3 }, 1)];
  const theirs = [build({ round: 2 }, 100), build({ round: 1 }, 10)];
  const paired = pair(ours, theirs, (a, b) => ratio(a.seconds, b.seconds));
  expect(paired).toEqual({ median: expect.closeTo(0.2), least: 0.1, most: 0.3, pairs: 2 });
});

it("holds a seeded build against the rival's build of the same app in that round", () => {
  const situation = {
    app: "tiny",
    scenario: "seeded",
    machine: "warm",
    target: "registry",
  } as const;
  const pip = (scenario: "cold" | "second-app", round: number) =>
    build({ scenario, round, contender: "pip" }, 10 * round);
  const rounds = [1, 2].map((round) => build({ scenario: "seeded", round }, 1));
  const [cold1, cold2, cold3] = [pip("cold", 1), pip("cold", 2), pip("cold", 3)];
  const second = pip("second-app", 2);
  const result = sample([...rounds, cold1, cold2, cold3, second]);
  expect(rivalOf(result, situation, "pip")).toEqual([cold1, second]);
  expect(formatReport(result)).toContain("| seeded (rivals: cold or second-app) | 1.00 s |");
  expect(plots(result).get("time-tiny.svg")).toContain(">seeded (rivals: cold or second-app)<");
  const [, , ...others] = result.measurements;
  expect(rivalOf(sample(others), situation, "pip")).toEqual([]);
});

it("says of each bound that was measured whether it is met", () => {
  const result = sample([
    build({ app: "torch", scenario: "cold" }, 50, { peakMemoryBytes: 2e9 }),
    build({ app: "torch", scenario: "cold", contender: "pip" }, 100, { peakMemoryBytes: 9e9 }),
    build({ app: "torch", scenario: "seeded" }, 1, { peakMemoryBytes: 1e8 }),
  ]);
  const verdicts = judge(result).map(({ bound, figure, met }) => [
    bound.scenario,
    figure.value,
    met,
  ]);
  expect(verdicts).toEqual([
    ["cold", 0.5, false],
    ["seeded", 0.01, true],
    ["peak memory", 2e9, false],
  ]);
});

it("says what a ratio would be for a buildpack that does nothing, by rounds and additions", () => {
  const add = (detail: string, round: number, contender = "ours") =>
    ({ app: "vision", scenario: "add", detail, round, contender }) as const;
  const floor = { app: "vision", scenario: "unchanged", contender: "floor" } as const;
  const result = sample([
    ...[1, 2].map((round) => build({ ...floor, round }, round)),
    ...["a", "b"].map((detail) => build(add(detail, 1), 3)),
    ...[add("a", 1, "pip"), add("a", 2, "pip")].map((one) => build(one, 10)),
    build(add("b", 1, "pip"), 50),
  ]);
  // Of a, the median of 1 / 10 and 2 / 10; of b, 1 / 50.
  const least = (0.15 + 0.02) / 2;
  const judged = judge(result).find(({ bound }) => bound.scenario === "add");
  expect(judged?.figure).toEqual({
    ...{ value: expect.closeTo((0.3 + 0.06) / 2), from: "2 pairs" },
    least: expect.closeTo(least),
  });
  expect(formatReport(result)).toContain("| **0.180** | **missed** | 0.085 | 2 pairs |");
});

it("holds start-up against an app's first rival, round by round", () => {
  const startUp = (contender: string, round: number, seconds: number) => ({
    ...{ app: "conda", contender, round, importSeconds: [], requestSeconds: [seconds, seconds] },
  });
  const startUps = [
    startUp("pip", 1, 9),
    startUp("conda", 1, 2),
    startUp("ours", 2, 3),
    startUp("conda", 2, 6),
    // A slow round, for both.
    startUp("ours", 3, 100),
    startUp("conda", 3, 100),
  ];
  const result = { ...sample([]), startUps };
  expect(judge(result)).toMatchObject([
    { against: "conda", figure: { value: 0.75, from: "4 containers each" } },
  ]);
  const [, table = ""] = formatReport(result).split("## Start-up");
  expect(table).toContain("| conda | conda | – | – | 6.00 s | **0.50** | 2 |");
  expect(table).toContain("| conda | conda | – | – | 2.00 s | – | 2 |");
});

it("judges sizes, start-up, growth and overhead by what they are held against", () => {
  const result: BenchResult = {
    ...sample([
      build({ app: "torch", scenario: "unchanged" }, 2.5, { peakMemoryBytes: 8e8 }),
      build({ app: "torch", scenario: "unchanged", contender: "floor" }, 2.2),
      build({ app: "torch", scenario: "second-app" }, 5, {
        ...{ pushedBytes: 3e7, peakMemoryBytes: 3e8 },
      }),
    ]),
    images: [
      {
        app: "torch",
        contender: "ours",
        round: 1,
        layers: 9,
        compressedBytes: 1e9,
        unpackedBytes: 3e9,
      },
      {
        app: "torch",
        contender: "pip",
        round: 1,
        layers: 5,
        compressedBytes: 2e9,
        unpackedBytes: 2e9,
      },
      {
        app: "torch",
        contender: "uv",
        round: 1,
        layers: 5,
        compressedBytes: 3e9,
        unpackedBytes: 4e9,
      },
    ],
    startUps: [
      { app: "torch", contender: "ours", round: 1, importSeconds: [1, 3, 2], requestSeconds: [] },
      { app: "torch", contender: "pip", round: 1, importSeconds: [2, 2, 2], requestSeconds: [3] },
    ],
  };
  const verdicts = judge(result).map(({ bound, figure, met }) => [
    bound.scenario,
    Number(figure.value.toFixed(3)),
    met,
  ]);
  expect(verdicts).toEqual([
    ["peak memory", 8e8, true],
    ["second-app", 0.03, false],
    ["unchanged", 0.3, true],
    ["compressed size", 0.5, true],
    ["unpacked size", 1.5, false],
    ["first import", 1, true],
  ]);
});

it("writes a small report", async () => {
  await expect(formatReport(SMALL)).toMatchFileSnapshot("report.expected.md");
});

it("tells of all sittings of a run that was resumed", () => {
  const again = { command: "npm run bench -- --resume", startedAt: "2026-01-02T00:00:00Z" };
  const report = formatReport({ ...SMALL, sittings: [...SMALL.sittings, again, again] });
  expect(report).toContain("| started | 2026-01-01T00:00:00Z, in 3 sittings |");
  expect(report).toContain(
    "```\nnpm run bench\nnpm run bench -- --resume\nnpm run bench -- --report",
  );
});

it("says how many rounds each app had where they differ, and what only some runs need to be told", () => {
  const rounds = (app: string, count: number) =>
    Array.from({ length: count }, (_, index) => build({ app, round: index + 1 }, 1));
  const caveatsOf = (measurements: readonly Measurement[]) =>
    formatReport(sample(measurements)).split("## Caveats")[1] ?? "";
  const all = caveatsOf([...rounds("tiny", 3), ...rounds("many", 3), ...rounds("torch", 1)]);
  expect(all).toContain("- 3 rounds of `tiny` and `many` and 1 round of `torch` on one machine.");
  expect(all).toContain("- Figures of one round have no spread");
  expect(all).toContain("Dockerfiles' builds of heavy apps (`torch`) take minutes");
  const few = caveatsOf(rounds("tiny", 2));
  expect(few).toContain("- 2 rounds on one machine.");
  for (const absent of ["one round", "heavy", "Mesa", "engine's own", "second-app"]) {
    expect(few).not.toContain(absent);
  }
});

it("weighs what our buildpacks add in builds without changes alone, for every app", () => {
  const both = (app: string, scenario: "unchanged" | "edit") => [
    build({ app, scenario }, 3),
    build({ app, scenario, contender: "floor" }, 2.5),
  ];
  const result = sample([
    ...both("vision", "unchanged"),
    ...both("vision", "edit"),
    ...both("conda", "unchanged"),
  ]);
  expect(judge(result).map(({ app, bound, met }) => [app, bound.scenario, met])).toEqual([
    ["vision", "unchanged", false],
    ["conda", "unchanged", false],
  ]);
  const [, table = ""] = formatReport(result).split("## What pack and the lifecycle take");
  expect(table).toContain("| vision | unchanged | 3.00 s | 2.50 s | **0.50 s** | 1 |");
  expect(table).not.toContain("edit");
});

it("tells where a rival is quicker, and whether it may be noise", () => {
  const rounds = [1, 2].flatMap((round) => [
    build({ round }, 3 + 3 * (round - 1)),
    build({ round, contender: "pip" }, 3 + 2 * (round - 1)),
  ]);
  const [, losses = ""] = formatReport(sample(rounds)).split("## Where a rival is quicker");
  expect(losses).toContain("| tiny | cold | pip | 4.50 s | 4.00 s | **1.10** | 1.00 – 1.20 | 2 |");
});

it("shows nothing of what is missing", () => {
  const app = "tiny";
  const pieces: BenchResult[] = [
    sample([]),
    sample([build({}, 0)]),
    sample([build({ contender: "pip" }, 3)]),
    sample([build({ scenario: "seeded" }, 3), build({ contender: "floor" }, 3)]),
    { ...SMALL, limits: { downloadBytesPerSecond: 0, gzipBytesPerSecond: 0, containerSeconds: 0 } },
    { ...SMALL, images: [], startUps: [] },
    { ...SMALL, measurements: [] },
    {
      ...sample([build({}, 0), build({ contender: "pip" }, 0)]),
      images: ["ours", "pip"].map((contender) => ({
        ...{ app, contender, round: 1, layers: 0, compressedBytes: 0, unpackedBytes: 0 },
      })),
      startUps: [{ app, contender: "ours", round: 1, importSeconds: [], requestSeconds: [] }],
    },
  ];
  for (const piece of pieces) {
    const all = [formatReport(piece), formatTerminal(piece), ...plots(piece).values()].join("\n");
    expect(all).not.toMatch(/NaN|Infinity|undefined/);
  }
});

it("prints a short table, and the bounds that were missed", () => {
  expect(formatTerminal(SMALL)).toBe(
    [
      "vision                       ours    pip",
      "cold                         13.0 s  20.0 s (0.65)",
      "unchanged                    2.50 s  0.50 s (5.00)",
      "add                          3.25 s  25.0 s (0.14)",
      "seeded (rivals: second-app)  4.00 s  20.0 s (0.20)",
      "second-app                   9.00 s  20.0 s (0.45)",
      "unchanged, fresh machine     2.00 s  –",
      "cold, into the engine        12.0 s  –",
      "",
      "In brackets: ours / theirs, below 1 ours is quicker.",
      "Bounds: 4 of 6 met",
      " - missed: vision, cold against pip: 0.650, at most 0.5",
      " - missed: vision, add against pip: 0.140, at most 0.12",
    ].join("\n"),
  );
  // Also where no bound was measured.
  const unbound = sample([build({}, 1), build({ contender: "pip" }, 2)]);
  expect(formatTerminal(unbound)).toBe(
    [
      "tiny  ours    pip",
      "cold  1.00 s  2.00 s (0.50)",
      "",
      "In brackets: ours / theirs, below 1 ours is quicker.",
    ].join("\n"),
  );
});

it("draws an SVG for each app, one of phases and one of bytes", () => {
  const result = sample([
    build({ app: "a & b" }, 2),
    build({ app: "a & b", scenario: "add" }, 1, { pushedBytes: 5e6 }),
  ]);
  const drawn = plots(result);
  expect([...drawn.keys()]).toEqual(["time-a---b.svg", "new-in-the-registry.svg", "phases.svg"]);
  expect(drawn.get("time-a---b.svg")).toContain("<title>a &amp; b: how long builds take</title>");
  expect(drawn.get("new-in-the-registry.svg")).toContain(">5.0 MB</text>");
});

it("draws bars as long as their figures", () => {
  const [svg = ""] = plots(sample([build({}, 5), build({ contender: "pip" }, 10)])).values();
  const [ours, rival] = [
    ...svg.matchAll(
      /width="([\d.]+)"[^>]*class="(?:ours|rival)"|class="(?:ours|rival)"[^>]*width="([\d.]+)"/g,
    ),
  ].map(([, before, after]) => Number(before ?? after));
  expect(rival).toBeGreaterThan(100);
  expect((ours ?? 0) / (rival ?? 1)).toBeCloseTo(0.5, 2);
});

it("writes report and plots, and drops the plots of another run", async () => {
  const folder = await temporaryDirectory();
  await writeReport(sample([build({ app: "old" }, 1)]), folder);
  expect(await writeReport(SMALL, folder)).toEqual(
    [
      "benchmarks.md",
      ...["time-vision", "new-in-the-registry", "phases"].map((name) => `benchmarks/${name}.svg`),
    ].map((name) => join(folder, name)),
  );
  expect(await readFile(join(folder, "benchmarks.md"), "utf8")).toBe(formatReport(SMALL));
  await readFile(join(folder, "benchmarks/time-vision.svg"));
  await expect(readFile(join(folder, "benchmarks/time-old.svg"))).rejects.toThrow("ENOENT");
});

it("reads what it wrote, and names the field that does not fit", async () => {
  const path = join(await temporaryDirectory(), "new/result.json");
  await writeResult(path, SMALL);
  expect(await readResult(path)).toEqual(SMALL);

  const wrong = { ...SMALL, measurements: [{ ...build({}, 1), machine: "hot" }] };
  await writeFile(path, JSON.stringify(wrong));
  await expect(readResult(path)).rejects.toMatchObject({
    name: "ScriptFailure",
    body: expect.stringContaining("measurements[0].machine: one of warm, fresh is needed"),
  });
  await writeFile(path, JSON.stringify({ ...SMALL, limits: {} }));
  await expect(readResult(path)).rejects.toMatchObject({
    body: expect.stringContaining("limits.downloadBytesPerSecond: number is needed"),
  });
  await writeFile(path, "{");
  await expect(readResult(path)).rejects.toMatchObject({
    body: expect.stringContaining("It is not JSON"),
  });
  await expect(readResult(`${path}.missing`)).rejects.toMatchObject({
    body: expect.stringContaining("ENOENT"),
  });
});

/** Of "tiny" in a first cold build of ours on a warm machine, where nothing else is said. */
function build(
  what: Partial<Omit<Measurement, "cost">>,
  seconds: number,
  cost: Partial<Cost> = {},
): Measurement {
  return {
    ...{ app: "tiny", scenario: "cold", machine: "warm", target: "registry" },
    ...{ contender: "ours", round: 1 },
    ...what,
    cost: {
      ...{ seconds, phases: [{ name: "export", seconds }], cpuSeconds: 0, peakMemoryBytes: 0 },
      ...{ peakDiskBytes: 0, downloadedBytes: 0, pushedBytes: 0, pushedLayers: 0 },
      ...cost,
    },
  };
}

function sample(measurements: readonly Measurement[]): BenchResult {
  return {
    environment: { processor: "2 × Example" },
    frozenAt: "2025-12-31",
    sittings: [{ command: "npm run bench", startedAt: "2026-01-01T00:00:00Z" }],
    rounds: [],
    limits: { downloadBytesPerSecond: 1e9, gzipBytesPerSecond: 5e7, containerSeconds: 0.5 },
    measurements: [...measurements],
    ...{ images: [], startUps: [] },
  };
}

function ofVision(...[what, ...cost]: Parameters<typeof build>): Measurement {
  return build({ app: "vision", ...what }, ...cost);
}

const PHASES = [
  { name: "build: pip", seconds: 8 },
  { name: "export", seconds: 4 },
];
const SMALL: BenchResult = {
  ...sample([
    ofVision({}, 12, {
      ...{ phases: PHASES, downloadedBytes: 2e8, pushedBytes: 1e8, pushedLayers: 3 },
      ...{ cpuSeconds: 9, peakMemoryBytes: 4e8, peakDiskBytes: 6e8 },
    }),
    ofVision({ contender: "pip" }, 20, { downloadedBytes: 2e8, pushedBytes: 1e8, pushedLayers: 2 }),
    ofVision({ round: 2 }, 14, { phases: PHASES, downloadedBytes: 2e8, pushedBytes: 1e8 }),
    ofVision({ round: 2, contender: "pip" }, 20, { downloadedBytes: 2e8, pushedBytes: 1e8 }),
    ofVision({ scenario: "unchanged" }, 2.5, { phases: [{ name: "export", seconds: 2.5 }] }),
    ofVision({ scenario: "unchanged", contender: "floor" }, 2.25),
    ofVision({ scenario: "unchanged", contender: "pip" }, 0.5),
    ...["a==1", "b==2"].flatMap((detail, index) => [
      ofVision({ scenario: "add", detail }, 3 + index, { pushedBytes: 4e6 + index * 1e6 }),
      ofVision({ scenario: "add", detail, contender: "pip" }, 25, { pushedBytes: 1e8 }),
    ]),
    ofVision({ scenario: "add", detail: "a==1", round: 2 }, 2),
    ofVision({ scenario: "second-app" }, 9, { pushedBytes: 5e6 }),
    ofVision({ scenario: "second-app", contender: "pip" }, 20, { pushedBytes: 1e8 }),
    ofVision({ scenario: "seeded" }, 4),
    ofVision({ scenario: "unchanged", machine: "fresh" }, 2),
    ofVision({ target: "engine" }, 12),
  ]),
  images: ["ours", "pip"].map((contender, index) => ({
    ...{ app: "vision", contender, round: 1, layers: 8 - index },
    ...{ compressedBytes: 2e8 + index * 1e7, unpackedBytes: 5e8 },
  })),
  startUps: ["ours", "pip"].map((contender) => ({
    ...{ app: "vision", contender, round: 1, importSeconds: [1, 1.1, 1.2], requestSeconds: [] },
  })),
};
