import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BUILDER_FILES, cudaBuilderToml } from "../lib/builder-config.ts";
import { defineCommand } from "../lib/main.ts";
import { ROOT } from "../lib/paths.ts";
import { settingsDocument } from "../lib/settings-table.ts";

/** Writes the documents that are made from code, and the builder description that is made from the other. */
export const main = defineCommand(async () => {
  await writeFile(join(ROOT, "docs", "settings.md"), settingsDocument());
  const builder = await readFile(join(ROOT, BUILDER_FILES.cpu), "utf8");
  await writeFile(join(ROOT, BUILDER_FILES.cuda), cudaBuilderToml(builder));
});
