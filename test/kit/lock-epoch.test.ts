import { expect, it } from "vitest";
import { epochOf } from "../../src/kit/lock-epoch.ts";
import { Settings } from "../../src/kit/settings.ts";

it.each([
  ["2026-11", { epoch: "2026-10" }, "2026-11"],
  ["2026-11", undefined, "2026-11"],
  // Taking the variable away resolves nothing.
  ["", { epoch: "2026-10" }, "2026-10"],
  ["", {}, undefined],
  ["", undefined, undefined],
])("with BP_LOCK_EPOCH=%s after %j it is %s", (setting, found, expected) => {
  const settings = new Settings({ BP_LOCK_EPOCH: setting });

  expect(epochOf({ settings }, found)).toBe(expected);
});
