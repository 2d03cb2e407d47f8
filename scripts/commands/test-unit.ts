import { defineCommand } from "../lib/main.ts";
import { runTests } from "../lib/vitest.ts";

/** Runs the tests that need no container engine and no network. */
export const main = defineCommand(async (args) => await runTests(["unit"], args));
