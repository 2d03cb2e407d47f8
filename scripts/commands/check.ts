import { join } from "node:path";
import { CommandError } from "../../src/kit/command.ts";
import { run } from "../lib/command.ts";
import { log } from "../lib/log.ts";
import { defineCommand } from "../lib/main.ts";
import { ROOT } from "../lib/paths.ts";

const CHECKS = [
  { title: "Types", program: "tsc", args: ["--noEmit", "-p", "."] },
  { title: "Lint", program: "oxlint", args: ["--type-aware", "--deny-warnings"] },
  { title: "Format", program: "oxfmt", args: ["--check", "."] },
  { title: "Unused code", program: "knip", args: [] },
];

/** Everything that can be said of the code without running it. All checks run, also after one fails. */
export const main = defineCommand(async () => {
  const failed: string[] = [];
  for (const { title, program, args } of CHECKS) {
    log.section(title);
    try {
      await run(join(ROOT, "node_modules/.bin", program), args);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      failed.push(title);
    }
  }
  log.step(failed.length === 0 ? "\nAll checks passed" : `\nFailed: ${failed.join(", ")}`);
  return failed.length === 0 ? 0 : 1;
});
