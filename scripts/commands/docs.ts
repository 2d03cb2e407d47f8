import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defineCommand } from "../lib/main.ts";
import { ROOT } from "../lib/paths.ts";
import { settingsDocument } from "../lib/settings-table.ts";

/** Writes the documents that are made from code. */
export const main = defineCommand(async () => {
  await writeFile(join(ROOT, "docs", "settings.md"), settingsDocument());
});
