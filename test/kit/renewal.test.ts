import { expect, it } from "vitest";
import { readRenewal, type Renewal } from "../../src/kit/renewal.ts";
import { Settings } from "../../src/kit/settings.ts";

const FOUND = { epoch: "2026-11", made: "2026-11-22" };

it.each([
  [{}, FOUND, ["numpy", "scipy"], { epoch: "2026-11" }],
  [{ BP_LOCK_EPOCH: "2026-11" }, FOUND, ["numpy", "scipy"], { epoch: "2026-11" }],
  [{ BP_LOCK_EPOCH: "2026-12" }, FOUND, [], { epoch: "2026-12" }],
  [{ BP_UPGRADE_PACKAGES: "NumPy" }, FOUND, ["scipy"], { epoch: "2026-11", upgrade: "NumPy" }],
  [{ BP_UPGRADE_PACKAGES: "ffmpeg" }, FOUND, ["numpy", "scipy"], { epoch: "2026-11" }],
  // A lock of a build without the variable.
  [{ BP_LOCK_EPOCH: "2026-11" }, {}, [], { epoch: "2026-11" }],
  [{}, undefined, [], { epoch: undefined }],
])("with %j after %j the versions of %j are kept", (env, found, kept, facts) => {
  const renewal = read(env, found);

  expect(renewal.preferences.map(({ name }) => name)).toEqual(kept);
  expect(renewal.facts).toEqual(facts);
});

it("tells the day of the earlier versions", () => {
  expect(read({}, FOUND).made).toBe("2026-11-22");
  expect(read({}, {}).made).toBeUndefined();
});

function read(
  env: Readonly<Record<string, string>>,
  found: Readonly<Record<string, unknown>> | undefined,
): Renewal<{ readonly name: string }> {
  const settings = new Settings(env);
  const packages = found === undefined ? [] : [{ name: "numpy" }, { name: "scipy" }];
  return readRenewal({ settings }, { found, packages }, (name) => name.toLowerCase());
}
