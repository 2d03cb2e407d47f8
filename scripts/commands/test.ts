import { prepareBuilder } from "../lib/builder.ts";
import { defineCommand } from "../lib/main.ts";
import { findRegistryProgram } from "../lib/registry.ts";
import { runTests } from "../lib/vitest.ts";

/** Sets up all that tests need, then runs them all; arguments choose files. */
export const main = defineCommand(async (args) => {
  await prepareBuilder();
  await findRegistryProgram();
  return await runTests(["unit", "phases", "integration"], args);
});
