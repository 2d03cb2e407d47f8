import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { settingsDocument } from "../../scripts/lib/settings-table.ts";

it("docs/settings.md is what `npm run docs` would write", async () => {
  expect(await readFile("docs/settings.md", "utf8")).toBe(settingsDocument());
});
