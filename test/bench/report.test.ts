import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { judge } from "../../bench/report/bounds.ts";
import { formatReport } from "../../bench/report/document.ts";
import { plots } from "../../bench/report/plots.ts";
import { readResult, writeResult } from "../../bench/report/result-file.ts";
import { pair, summarize } from "../../bench/report/selection.ts";
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
  expect(summarize(measured, ({ seconds }) => seconds)).toEqual({ median: 4, least: 1, most: 10 });
});

it("divides within a round, and leaves out what has no counterpart", () => {
  const ours = [build({ round: 1 }, 1), build({ round: 2 }, 30), build({ round: 3 }, 1)];
  const theirs = [build({ round: 2 }, 100), build({ round: 1 }, 10)];
  const paired = pair(ours, theirs, (a, b) => ratio(a.seconds, b.seconds));
  expect(paired?.pairs).toBe(2);
  expect(paired?.median).toBeCloseTo(0.2);
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

it("judges sizes, start-up, growth and overhead by what they are held against", () => {
  const result: BenchResult = {
    ...sample([
      build({ app: "torch", scenario: "unchanged" }, 2.5),
      build({ app: "torch", scenario: "unchanged", contender: "floor" }, 2.2),
      build({ app: "torch", scenario: "second-app" }, 5, { pushedBytes: 3e7 }),
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
    ["peak memory", 0, true],
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

it("tells where a rival is quicker, and whether it may be noise", () => {
  const rounds = [1, 2].flatMap((round) => [
    build({ round }, 3 + round),
    build({ round, contender: "pip" }, 2.5 + round),
  ]);
  const [, losses = ""] = formatReport(sample(rounds)).split("## Where a rival is quicker");
  expect(losses).toContain(
    "| tiny | cold | pip | 4.50 s | 4.00 s | **1.13** | the spreads overlap |",
  );
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
      "vision                    ours    pip",
      "cold                      12.0 s  20.0 s (0.60)",
      "unchanged, fresh machine  2.00 s  –",
      "",
      "In brackets: ours / theirs, below 1 ours is quicker.",
      "Bounds: 3 of 4 met",
      " - missed: vision, cold against pip: 0.600, at most 0.5",
    ].join("\n"),
  );
});

it("draws an SVG for each app, one of phases and one of bytes", () => {
  const result = sample([
    build({ app: "a & b" }, 2),
    build({ app: "a & b", scenario: "add" }, 1, { pushedBytes: 5e6 }),
  ]);
  const drawn = plots(result);
  expect([...drawn.keys()]).toEqual(["time-a---b.svg", "pushed.svg", "phases.svg"]);
  expect(drawn.get("time-a---b.svg")).toContain("<title>a &amp; b: how long builds take</title>");
  expect(drawn.get("pushed.svg")).toContain(">5.0 MB</text>");
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
    ["benchmarks.md", "benchmarks/time-vision.svg", "benchmarks/phases.svg"].map((name) =>
      join(folder, name),
    ),
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

const PHASES = [
  { name: "build: pip", seconds: 8 },
  { name: "export", seconds: 4 },
];
const SMALL: BenchResult = {
  ...sample([
    build({ app: "vision" }, 12, {
      ...{ phases: PHASES, downloadedBytes: 2e8, pushedBytes: 1e8, pushedLayers: 3 },
    }),
    build({ app: "vision", contender: "pip" }, 20, { downloadedBytes: 2e8, pushedBytes: 1e8 }),
    build({ app: "vision", scenario: "unchanged", machine: "fresh" }, 2),
  ]),
  images: ["ours", "pip"].map((contender, index) => ({
    ...{ app: "vision", contender, round: 1, layers: 8 - index },
    ...{ compressedBytes: 2e8 + index * 1e7, unpackedBytes: 5e8 },
  })),
  startUps: ["ours", "pip"].map((contender) => ({
    ...{ app: "vision", contender, round: 1, importSeconds: [1, 1.1, 1.2], requestSeconds: [] },
  })),
};
