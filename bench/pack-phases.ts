import type { PhaseTime } from "./result.ts";

/** A line that a build printed, and when it came. */
export interface TimedLine {
  readonly text: string;
  /** Milliseconds, on the same clock as the build's start and end. */
  readonly at: number;
}

/**
 * How long each part of `pack build` took. A buildpack's part begins with its headline, so that
 * the start of its process counts to the part before; their sum is the wall time.
 */
export function packPhases(
  lines: readonly TimedLine[],
  { began, ended }: { readonly began: number; readonly ended: number },
): readonly PhaseTime[] {
  const parts = [{ name: "set-up", at: began }];
  for (const { text, at } of lines) {
    const name = partBegunBy(text, parts.at(-1)?.name ?? "");
    if (name !== undefined) parts.push({ name, at });
  }
  return parts.map(({ name, at }, index) => ({
    name,
    seconds: ((parts[index + 1]?.at ?? ended) - at) / 1000,
  }));
}

function partBegunBy(text: string, current: string): string | undefined {
  const phase = /^(?:\[\w+\] )?===> ([A-Z]+)$/.exec(text)?.[1];
  if (phase !== undefined) return PHASES[phase] ?? phase.toLowerCase();
  if (current.startsWith("build")) {
    const title = /^(?:\[builder\] )?\[([^\]]+)\]$/.exec(text)?.[1];
    // A warning has a headline, too, and belongs to what warns.
    if (title !== undefined && !title.startsWith("Warning: ")) return `build: ${title}`;
  }
  if (/^(?:\[exporter\] )?Saving .+\.\.\.$/.test(text)) return "push";
  // What comes then is the cache's, and pack's own tidying up.
  return /^(?:\[exporter\] )?\*\*\* Images/.test(text) ? "tear-down" : undefined;
}

/** https://github.com/buildpacks/spec/blob/platform/0.15/platform.md#operations */
const PHASES: Readonly<Record<string, string>> = {
  ANALYZING: "analyze",
  DETECTING: "detect",
  RESTORING: "restore",
  BUILDING: "build",
  EXPORTING: "export",
};
