import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { CommandError } from "../../src/kit/command.ts";
import { run } from "./command.ts";
import { ScriptFailure } from "./failure.ts";
import { log } from "./log.ts";
import { CACHE, ROOT } from "./paths.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";
import type { TestPlatform } from "./test-platform.ts";

export type TestProject = "unit" | "phases" | "integration" | "extended";

/** The variable in which tests find a platform that is ready. */
export const GIVEN_PLATFORM = "ML_BUILDPACKS_TEST_PLATFORM";

/** Runs tests, with a count as the last line; gives the exit code. */
export async function runTests(
  projects: readonly TestProject[],
  filters: readonly string[],
  platform?: TestPlatform,
): Promise<number> {
  const env = {
    ...process.env,
    // What an interrupted test leaves there goes when the command ends.
    TMPDIR: await makeTemporaryFolder(),
    ...(platform === undefined ? {} : { [GIVEN_PLATFORM]: JSON.stringify(platform) }),
  };
  const report = join(CACHE, "test-results.json");
  await rm(report, { force: true });
  const exitCode = await exitCodeOf(async () => {
    const chosen = projects.map((project) => `--project=${project}`);
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    // vitest writes into a pipe of ours, and takes a CI system's logs for coloured.
    const color = process.stdout.isTTY ? "--color" : "--no-color";
    const args = ["run", color, ...chosen, ...reporters, ...filters];
    await run(join(ROOT, "node_modules/.bin/vitest"), args, { env });
  });
  const { passed, failed, skipped } = await readCounts(report);
  // Nothing may come between this line and the end: that is where others look for it.
  log.step(`${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`);
  return failed > 0 && exitCode === 0 ? 1 : exitCode;
}

async function exitCodeOf(task: () => Promise<void>): Promise<number> {
  try {
    await task();
    return 0;
  } catch (error) {
    if (error instanceof CommandError && error.ended.kind === "exit") return error.ended.code;
    throw error;
  }
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

async function readCounts(report: string): Promise<Counts> {
  const text = await readFile(report, "utf8").catch(() => undefined);
  if (text === undefined) {
    throw new ScriptFailure("The tests did not run", "vitest left no results; it says why above.");
  }
  const results = Results.parse(JSON.parse(text));
  // A file that can't be loaded has no tests that could fail.
  const broken = results.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  ).length;
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + broken,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}

const Results = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});
