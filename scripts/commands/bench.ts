import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureEverything } from "../../bench/bench.ts";
import { type Choice, planFor } from "../../bench/plan.ts";
import { readResult, writeResult } from "../../bench/report/result-file.ts";
import { formatTerminal } from "../../bench/report/terminal.ts";
import { writeReport } from "../../bench/report/write-report.ts";
import type { BenchResult } from "../../bench/result.ts";
import { ScriptFailure } from "../lib/failure.ts";
import { log } from "../lib/log.ts";
import { defineCommand } from "../lib/main.ts";
import { CACHE, ROOT } from "../lib/paths.ts";

/**
 * Compares our builds with Dockerfiles', in turn, on this machine: bench/README.md. `--report FILE`
 * writes docs/benchmarks.md from an earlier run's figures instead.
 */
export const main = defineCommand(async (args) => {
  const { choice, json, frozenAt, resume, report } = parse(args);
  if (report !== undefined) {
    await tellOfReport(await readResult(report));
    return;
  }
  const file = json ?? join(CACHE, "bench.json");
  const earlier = resume ? await readResult(file) : undefined;
  const result = await measureEverything(planFor(choice), {
    command: ["npm run bench", ...(args.length === 0 ? [] : ["--", ...args])].join(" "),
    ...{ frozenAt, earlier },
    // What has been measured is not lost with what fails later.
    onRound: async (soFar) => await writeResult(file, soFar),
  });
  log.section("Result");
  log.output(formatTerminal(result));
  log.step(`All figures are in ${file}`);
});

async function tellOfReport(result: BenchResult): Promise<void> {
  const files = await writeReport(result, join(ROOT, "docs"));
  log.list("Written are", files);
}

function parse(args: readonly string[]): {
  readonly choice: Choice;
  readonly json?: string | undefined;
  readonly frozenAt?: string | undefined;
  readonly resume: boolean;
  readonly report?: string | undefined;
} {
  const { values } = parseArgs({
    args: [...args],
    options: {
      full: { type: "boolean", default: false },
      apps: { type: "string" },
      scenarios: { type: "string" },
      contenders: { type: "string" },
      rounds: { type: "string" },
      json: { type: "string" },
      "frozen-at": { type: "string" },
      resume: { type: "boolean", default: false },
      report: { type: "string" },
    },
  });
  return {
    choice: {
      full: values.full,
      apps: values.apps?.split(","),
      scenarios: values.scenarios?.split(","),
      contenders: values.contenders?.split(","),
      rounds: parseRounds(values.rounds),
    },
    ...{ json: values.json, frozenAt: values["frozen-at"], resume: values.resume },
    report: values.report,
  };
}

function parseRounds(text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d*$/.test(text))
    return text === undefined ? text : Number(text);
  throw new ScriptFailure(
    "This is not a number of rounds",
    `Found '${text}'. It needs to be 1 or more.`,
  );
}
