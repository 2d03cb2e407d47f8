import { formatBytes, listed } from "../../src/kit/text.ts";
import type { BenchResult, Scenario } from "../result.ts";
import { type Situation, standInsFor } from "./selection.ts";
import type { Spread } from "./statistics.ts";

/** Paragraphs and tables of the report, each a list of lines. */
export type Blocks = readonly (readonly string[])[];

/** What each scenario is, for the report. */
export const MEANINGS: Record<Scenario, string> = {
  cold: "the first build: no layer, no cache, no earlier image",
  unchanged: "built again, with nothing changed",
  edit: "a line of the source has changed",
  add: "a requirement was added; several, one after the other, each a build",
  "upgrade-small": "a small package has a newer version",
  "upgrade-heavy": "a heavy package has a newer version",
  rebase: "the base image is newer, the app is as it was",
  seeded:
    "the first build of a second app, with the first's image as the previous one; rivals, which know no such thing, build the same app without (second-app; in rounds that have none, cold)",
  "second-app": "the first build of a second app with the same heavy packages",
};

/** "add", "edit, fresh machine", "cold, into the engine". */
export function nameSituation({ scenario, machine, target }: Situation): string {
  return [
    scenario,
    ...(machine === "fresh" ? ["fresh machine"] : []),
    ...(target === "engine" ? ["into the engine"] : []),
  ].join(", ");
}

/** "seeded (rivals: second-app)": also what rivals built, where that is something else. */
export function nameComparison(
  result: BenchResult,
  situation: Situation,
  name = nameSituation(situation),
): string {
  const standIns = standInsFor(result, situation);
  return standIns.length === 0 ? name : `${name} (rivals: ${listed(standIns, "or")})`;
}

/** Three digits as a rule: "0.42 s", "3.14 s", "42.1 s", "421 s". */
export function formatSeconds(seconds: number): string {
  return `${figures(seconds)} s`;
}

/** "12.3 s (11.9 – 13.0)"; without the spread where all are one. */
export function formatSpread({ median, least, most }: Spread): string {
  const middle = formatSeconds(median);
  return least === most ? middle : `${middle} (${figures(least)} – ${figures(most)})`;
}

/** "3", or "1 – 15" where they differ; undefined of none. */
export function formatRange(counts: readonly number[]): string | undefined {
  if (counts.length === 0) return undefined;
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(least) : `${least} – ${most}`;
}

/** "0.31", "0.008", "1.94". */
export function formatRatio(ratio: number): string {
  return ratio < 0.1 ? ratio.toFixed(3) : ratio.toFixed(2);
}

/** Medians of bytes may end on a half. */
export function formatSize(bytes: number): string {
  return formatBytes(Math.round(bytes));
}

export function formatPercent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 2 : 0)} %`;
}

/** A table of Markdown; what was not measured, undefined, is a dash. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | undefined)[])[],
): readonly string[] {
  const line = (cells: readonly (string | undefined)[]) =>
    `| ${cells.map((cell) => (cell ?? "–").replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

export function bold(text: string): string {
  return `**${text}**`;
}

export function code(text: string): string {
  return `\`${text}\``;
}

function figures(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0);
}
