import { afterAll, beforeAll, expect, test } from "vitest";
import { cleanUp } from "../../../scripts/lib/cleanup.ts";
import { type MadeCondaPackage, publishCondaPackage } from "../../../scripts/lib/conda/channel.ts";
import { type Built, buildIn, makeScene, prepareBuilds, type Scene } from "./conda-builds.ts";

/** Each version of the tool needs its library in the same version. */
function packagesOf(version: string): readonly MadeCondaPackage[] {
  return [
    { name: "tool", version, depends: [`libtool >=${version}`] },
    { name: "libtool", version },
    { name: "other", version },
  ];
}

const PACKAGES = ["tool", "other"];

let scene: Scene;
let first: Built;

beforeAll(async () => {
  await prepareBuilds();
  scene = await makeScene([...packagesOf("1.0"), { name: "more" }]);
  first = await buildIn(scene, { packages: PACKAGES });
  for (const one of packagesOf("2.0")) await publishCondaPackage(scene.channel, one);
});

afterAll(cleanUp);

test("a line that is added moves nothing", async () => {
  const { log } = await buildIn(scene, { packages: [...PACKAGES, "more"] }, { after: first });

  expect(movesIn(log)).toEqual(["more 1.0 added"]);
});

test("BP_UPGRADE_PACKAGES moves what it names and what that needs, once for each value", async () => {
  const wanted = { packages: PACKAGES, settings: { BP_UPGRADE_PACKAGES: "Tool" } };
  const upgraded = await buildIn(scene, wanted, { after: first });
  const again = await buildIn(scene, wanted, { after: upgraded });
  const without = await buildIn(scene, { packages: PACKAGES }, { after: upgraded });

  expect(upgraded.log).toContain(
    "Discarding cached lock since:\n - BP_UPGRADE_PACKAGES has changed\nUpgrading tool (from BP_UPGRADE_PACKAGES)\n",
  );
  expect(movesIn(upgraded.log)).toEqual(["libtool 1.0 → 2.0", "tool 1.0 → 2.0"]);
  expect(again.log).toContain("Using cached lock of 3 packages");
  expect(without.log).toContain("Using cached lock of 3 packages");
  expect(without.image["lock"]?.metadata).toEqual({
    ...upgraded.image["lock"]?.metadata,
    upgrade: undefined,
  });
});

test("BP_LOCK_EPOCH moves everything, once", async () => {
  const wanted = { packages: PACKAGES, settings: { BP_LOCK_EPOCH: "2026-12" } };
  const renewed = await buildIn(scene, wanted, { after: first });
  const without = await buildIn(scene, { packages: PACKAGES }, { after: renewed });

  expect(movesIn(renewed.log)).toEqual(["libtool 1.0 → 2.0", "other 1.0 → 2.0", "tool 1.0 → 2.0"]);
  expect(without.log).toContain("Using cached lock of 3 packages");
  expect(without.image).toEqual(renewed.image);
});

test("BP_LOCK_MAX_AGE fails of an environment that is too old", async () => {
  // 2027-02-22, 92 days after the first build.
  const settings = { SOURCE_DATE_EPOCH: "1803254400", BP_LOCK_MAX_AGE: "90 fail" };

  const { log } = await buildIn(scene, { packages: PACKAGES, settings }, { after: first });

  expect(log).toMatchInlineSnapshot(`
    "
    [Installing the conda environment]
    Found environment.yml
    Using cached lock of 3 packages

    [Error: A lock is older than BP_LOCK_MAX_AGE allows]

    Found: the lock of conda is of 2026-11-22, 92 days ago.
    Its packages may lack fixes that newer versions have.
    Needed: a lock of at most 90 days. For a new one, set BP_LOCK_EPOCH to a new value.

    exit code 1"
  `);
});

/** What is listed as moved. */
function movesIn(log: string): readonly string[] {
  const [, list = ""] = /^Compared with the previous lock:\n((?: - .*\n)*)/m.exec(log) ?? [];
  return [...list.matchAll(/^ - (.*)$/gm)].map(([, line = ""]) => line);
}
