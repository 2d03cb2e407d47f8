import { defineCommand } from "../lib/main.ts";
import { prepareTestPlatform } from "../lib/test-platform.ts";
import { runTests } from "../lib/vitest.ts";

/** Runs the tests that download gigabytes: real frameworks for CUDA, and its compiler. */
export const main = defineCommand(async (args) => {
  const platform = await prepareTestPlatform();
  return await runTests(["extended"], args, platform);
});
