import { defineCommand } from "../lib/main.ts";
import { prepareTestPlatform } from "../lib/test-platform.ts";
import { runTests } from "../lib/vitest.ts";

/** Sets up all that tests need, then runs them all; arguments choose files. */
export const main = defineCommand(async (args) => {
  const platform = await prepareTestPlatform();
  return await runTests(["unit", "phases", "integration"], args, platform);
});
