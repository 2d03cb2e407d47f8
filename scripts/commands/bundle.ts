import { bundleBuildpacks } from "../lib/bundle.ts";
import { log } from "../lib/log.ts";
import { defineCommand } from "../lib/main.ts";
import { ROOT } from "../lib/paths.ts";

export const main = defineCommand(async () => {
  const names = await bundleBuildpacks(ROOT);
  log.step(`Bundled ${names.join(", ")}`);
});
