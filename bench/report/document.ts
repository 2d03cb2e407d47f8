import { counted, listed } from "../../src/kit/text.ts";
import type { BenchResult, Scenario } from "../result.ts";
import { additionTables, costTables, timeTables } from "./app-tables.ts";
import { APPS } from "../apps.ts";
import { RIVALS } from "../rivals.ts";
import { appsOf, roundsOf } from "./selection.ts";
import { formatPhases, formatOverhead, formatLimits } from "./breakdown.ts";
import {
  formatBounds,
  formatGrowth,
  formatLosses,
  formatSizes,
  formatStartUps,
} from "./findings.ts";
import { PHASES_PLOT, plots, NEW_PLOT, timePlotOf } from "./plots.ts";
import { type Blocks, code, MEANINGS, table } from "./words.ts";

/** The folder of the plots, beside the report. */
export const PLOT_FOLDER = "benchmarks";

/**
 * docs/benchmarks.md of one run. What the run did not measure is left out. The plots that it shows
 * are those of `plots`, in `PLOT_FOLDER`.
 */
export function formatReport(result: BenchResult): string {
  const drawn = new Set(plots(result).keys());
  const plot = (name: string, meaning: string) =>
    drawn.has(name) ? [`![${meaning}](${PLOT_FOLDER}/${name})`] : [];
  const blocks = [
    ["# Benchmarks"],
    ["<!-- Made by `npm run bench` from a measured run: `npm run bench -- --report FILE`. -->"],
    ...introduction(result),
    ...section("Environment", environment(result)),
    ...section("Bounds", formatBounds(result)),
    ...appsOf(result).flatMap((app) =>
      section(`App ${code(app)}`, [
        APPS.filter(({ name }) => name === app).map(({ description }) => `${description}.`),
        plot(timePlotOf(app), `Wall time of ${app} by scenario`),
        ...timeTables(result, app),
        ...additionTables(result, app),
        ...costTables(result, app),
      ]),
    ),
    ...section("New in the registry", [
      plot(NEW_PLOT, "Compressed bytes that are new in the registry, by app and scenario"),
      ...formatGrowth(result),
    ]),
    ...section("Image sizes", formatSizes(result)),
    ...section("Start-up", formatStartUps(result)),
    ...section("Where our time goes", [
      plot(PHASES_PLOT, "Share of each phase of our builds"),
      ...formatPhases(result),
    ]),
    ...section("What pack and the lifecycle take by themselves", formatOverhead(result)),
    ...section("Against the limits", formatLimits(result)),
    ...section("Where a rival is quicker", formatLosses(result)),
    ...section("Caveats", [caveats(result)]),
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** No heading where nothing stands below it. */
function section(title: string, blocks: Blocks): Blocks {
  const written = blocks.filter((lines) => lines.length > 0);
  return written.length === 0 ? [] : [[`## ${title}`], ...written];
}

function introduction({ measurements }: BenchResult): Blocks {
  const scenarios = Object.entries(MEANINGS).filter(([name]) =>
    measurements.some(({ scenario }) => scenario === (name as Scenario)),
  );
  return [
    [
      "Our buildpacks against Dockerfiles that install the same requirements on the same base image,",
      "measured by [`npm run bench`](../bench). The apps are in [bench/apps](../bench/apps), the rivals in",
      "[bench/rivals](../bench/rivals).",
    ],
    ...(scenarios.length === 0
      ? []
      : [
          table(
            ["scenario", "what is built"],
            scenarios.map(([name, meaning]) => [name, meaning]),
          ),
          ...rivalTable(measurements),
          [
            "A *warm* machine has what the builds before left there. A *fresh* one has no local state, as",
            "most CI has none: only the registry, with the last image and, for Dockerfiles, their cache.",
          ],
        ]),
  ];
}

function rivalTable(measurements: BenchResult["measurements"]): Blocks {
  const measured = RIVALS.filter(({ name }) =>
    measurements.some(({ contender }) => contender === name),
  );
  const rows = measured.map(({ name, description }) => [name, description]);
  return rows.length === 0 ? [] : [table(["rival", "its Dockerfile"], rows)];
}

function environment({ environment: facts, frozenAt, sittings }: BenchResult): Blocks {
  const [first] = sittings;
  const often = sittings.length > 1 ? `, in ${sittings.length} sittings` : "";
  const rows = [
    ...Object.entries(facts),
    ["packages as of", frozenAt],
    ["started", first && `${first.startedAt}${often}`],
  ];
  const commands = new Set(sittings.map(({ command }) => command));
  return [
    table(["", ""], rows),
    ["To measure it again, and to make this report again from what was measured:"],
    ["```", ...commands, "npm run bench -- --report FILE", "```"],
  ];
}

function caveats(result: BenchResult): readonly string[] {
  const apps = appsOf(result);
  const heavy = APPS.filter(({ name, heavy: isHeavy }) => isHeavy && apps.includes(name));
  return [
    ...roundsCaveat(result),
    "- Packages come from an index on the same machine, and images go to a registry there. Over a real",
    "  network whoever downloads and uploads more loses more than here.",
    ...(result.measurements.some(({ scenario }) => scenario === "second-app")
      ? [
          "- *New in the registry* are layers, configurations and manifests that it had of no image at all. In",
          "  `second-app`, which has no previous image, a build may upload more than that: layers that the",
          "  registry has, but in another repository.",
        ]
      : []),
    "- A fresh machine has the images that builds begin with, our builder and the rivals' Python image: how",
    "  long it takes to pull them is not measured.",
    ...(result.measurements.some(({ target }) => target === "engine")
      ? [
          "- Into the engine, the rivals' images are written as a tar and loaded, as `docker buildx build --load`",
          "  does with a BuildKit of its own. The engine's own BuildKit (`docker build`) has no such step.",
        ]
      : []),
    ...(apps.includes("vision")
      ? [
          "- In `vision`, ours leaves out Mesa's drivers for displays and LLVM (about 200 MB), which `apt-get` installs",
          "  for the rivals along with libgl1: see *Drivers for a display* in",
          "  [our apt buildpack](../buildpacks/apt/README.md).",
        ]
      : []),
    ...(heavy.length > 0
      ? [
          `- Dockerfiles' builds of heavy apps (${listed(heavy.map(({ name }) => code(name)))}) take minutes each: fewer additions are made`,
          "  there, and not all rivals are in all scenarios.",
        ]
      : []),
    "- The lifecycle compresses layers at gzip's quickest level, BuildKit at its default one: ours are made",
    "  sooner, and are larger for the same files. BuildKit is built by the Go of its releases, the lifecycle",
    "  by the one of our builder: it compresses quicker.",
    "- *Against the limits* counts one container for everyone, however many a build starts, and gzip at the",
    "  lifecycle's level, also for BuildKit, whose level takes longer.",
    "- *First import* and *first request* are with the image's files in the page cache: reading them from a",
    "  disk is not measured.",
    "- CPU, memory and disk are those of the whole machine, its engine and registry included.",
    "- Not measured: what is made once for all apps (our builder, the rivals' Python image), other",
    "  builders than BuildKit, other processors, GPUs at work.",
    "- The rivals' Dockerfiles are written by us, after the practice that each of them names. A better one",
    "  is welcome.",
  ];
}

/** Apps may have had different numbers of them. */
function roundsCaveat(result: BenchResult): readonly string[] {
  const apps = new Map<number, string[]>();
  for (const app of appsOf(result)) {
    const count = roundsOf(result.measurements.filter((one) => one.app === app)).length;
    if (count > 0) apps.set(count, [...(apps.get(count) ?? []), code(app)]);
  }
  if (apps.size === 0) return [];
  const counts = [...apps].map(
    ([count, names]) =>
      `${counted(count, "round")}${apps.size === 1 ? "" : ` of ${listed(names)}`}`,
  );
  return [
    `- ${listed(counts)} on one machine. Contenders run in turn and ratios are taken within a round, so`,
    "  that a slow minute meets both; differences within the spread are noise all the same.",
    ...(apps.has(1)
      ? ["- Figures of one round have no spread, and small differences between them say nothing."]
      : []),
  ];
}
