import { expect, it } from "vitest";
import { settingsUsed } from "../../../src/python/project-lock/settings-used.ts";
import type { Setting } from "../../../src/python/requirements/setting.ts";

const used = (...settings: readonly Setting[]) =>
  settings.map((setting) => ({ setting, line: `Using ${setting}` }));

it("says in one line what a lock has decided already", () => {
  const all = used("constraint", "index-url", "pre", "no-binary", "constraint", "only-binary");

  expect(settingsUsed(all, "uv.lock")).toEqual([
    "Using index-url",
    "Using no-binary",
    "Using only-binary",
    "Skipping constraint and pre because uv.lock decides",
  ]);
  expect(settingsUsed(used("require-hashes", "prefer-binary"), "poetry.lock")).toEqual([
    "Skipping require-hashes and prefer-binary because poetry.lock decides",
  ]);
  expect(settingsUsed(used("no-index", "find-links"), "uv.lock")).toEqual([
    "Using no-index",
    "Using find-links",
  ]);
});
