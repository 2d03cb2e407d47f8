import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CommandError } from "../../src/kit/command.ts";
import { makeApp } from "../support/apps.ts";
import { buildAndPublish, runApp } from "../support/platform.ts";
import { type PublishedWheel, startWheelIndexes } from "../support/wheel-index.ts";

const NAMES = ["alpha", "beta", "gamma"];

it("moves nothing when a line is added, and what BP_LOCK_EPOCH or BP_UPGRADE_PACKAGES asks for, once", async () => {
  const indexes = await startWheelIndexes();
  await indexes.publish(releases("1.0"));
  const path = await makeApp({
    "requirements.txt": "alpha\nbeta\n",
    "main.py":
      "from importlib import metadata\n\nfor found in metadata.distributions():\n    print(found.name, found.version)\n",
    Procfile: "web: python main.py\n",
  });
  const build = async (env: Readonly<Record<string, string>> = {}) => {
    const index = { PIP_INDEX_URL: `${indexes.url}/simple` };
    return await buildAndPublish("upgrades/policy", { path, env: { ...index, ...DAY, ...env } });
  };

  const first = await build();
  expect(await installedIn(first.reference)).toEqual(["alpha 1.0", "beta 1.0"]);

  await indexes.publish(releases("2.0"));
  await writeFile(join(path, "requirements.txt"), "alpha\nbeta\ngamma<2\n");
  const added = await build();
  expect(movesIn(added.output)).toEqual(["gamma 1.0 added"]);

  const epoch = { BP_LOCK_EPOCH: "2026-12" };
  await writeFile(join(path, "requirements.txt"), "alpha\nbeta\ngamma\n");
  const renewed = await build(epoch);
  expect(movesIn(renewed.output)).toEqual([
    ...["alpha 1.0 → 2.0", "beta 1.0 → 2.0", "gamma 1.0 → 2.0"],
  ]);

  await indexes.publish(releases("3.0"));
  const same = await build(epoch);
  expect(same.image.digest).toBe(renewed.image.digest);
  const without = await build();
  expect(without.image.digest).toBe(renewed.image.digest);

  const one = { BP_UPGRADE_PACKAGES: "beta" };
  const upgraded = await build(one);
  expect(movesIn(upgraded.output)).toEqual(["beta 2.0 → 3.0"]);
  expect(await installedIn(upgraded.reference)).toEqual(["alpha 2.0", "beta 3.0", "gamma 2.0"]);
  const again = await build(one);
  expect(again.image.digest).toBe(upgraded.image.digest);

  // 2027-02-22, 92 days later.
  const later = { SOURCE_DATE_EPOCH: "1803254400" };
  const warned = await build({ ...later, BP_LOCK_MAX_AGE: "90" });
  expect(warned.output).toContain("the lock of pip is of 2026-11-22, 92 days ago");
  const failed = await outputOfFailure(build({ ...later, BP_LOCK_MAX_AGE: "90 fail" }));
  expect(failed).toContain("[Error: A lock is older than BP_LOCK_MAX_AGE allows]");
  const mended = await build({ ...later, BP_LOCK_MAX_AGE: "90 fail", BP_LOCK_EPOCH: "2027-02" });
  expect(movesIn(mended.output)).toEqual(["alpha 2.0 → 3.0", "gamma 2.0 → 3.0"]);
});

/** 2026-11-22. */
const DAY = { SOURCE_DATE_EPOCH: "1795305600" };

function releases(version: string): readonly PublishedWheel[] {
  return NAMES.map((name) => ({ index: "simple", name, version, files: { [`${name}.py`]: "" } }));
}

async function installedIn(reference: string): Promise<readonly string[]> {
  const lines = (await runApp(reference, { args: ["--pull=always"] })).split("\n");
  return lines.filter((line) => NAMES.some((name) => line.startsWith(`${name} `))).sort();
}

/** What is listed as moved. */
function movesIn(output: string): readonly string[] {
  const [, list = ""] = /Compared with the previous lock:\n((?:.* - .*\n)*)/.exec(output) ?? [];
  return [...list.matchAll(/ - (.*)$/gm)].map(([, line = ""]) => line);
}

async function outputOfFailure(build: Promise<unknown>): Promise<string> {
  const error: unknown = await build.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof CommandError) return error.output;
  throw new Error("the build did not fail as it should", { cause: error });
}
