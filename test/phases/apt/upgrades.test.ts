import { beforeAll, expect, test } from "vitest";
import { temporaryDirectory } from "../../support/temporary.ts";
import { buildIn, makeScene, offer, prepareImage, type Scene } from "./archive.ts";

beforeAll(prepareImage);

const FILES = { "apt.txt": "tool\nother\n" };
const FIRST = ["tool_1.0", "libone_1.0", "libtwo_1.0", "other_1.0"];
const SECOND = ["tool_2.0", "libone_2.0", "libtwo_2.0", "other_2.0"];

/** Each version of the tool needs the libraries of the same version. */
async function makeVersions(): Promise<Scene> {
  const versions = ["1.0", "2.0"].flatMap((version) => [
    {
      ...{ name: "tool", version, files: { "usr/bin/tool": version } },
      fields: { Depends: `libone (= ${version})` },
    },
    { name: "libone", version, fields: { Depends: `libtwo (= ${version})` } },
    { name: "libtwo", version },
    { name: "other", version },
  ]);
  return makeScene(versions);
}

test("BP_UPGRADE_PACKAGES moves what it names and what that needs, once for each value", async () => {
  const scene = await makeVersions();
  const layers = await temporaryDirectory();
  const env = { BP_UPGRADE_PACKAGES: "tool" };

  await offer(scene, ...FIRST);
  await buildIn(scene, layers, { files: FILES });
  await offer(scene, ...FIRST, ...SECOND);
  const unchanged = await buildIn(scene, layers, { files: FILES });
  const upgraded = await buildIn(scene, layers, { files: FILES, env });
  const again = await buildIn(scene, layers, { files: FILES, env });
  const without = await buildIn(scene, layers, { files: FILES });

  expect(unchanged).toMatch(/^Reusing 4 packages of the previous image$/m);
  expect(upgraded).toMatchInlineSnapshot(`
    "[Installing Debian packages]
    Found apt.txt
    Discarding the earlier packages since:
     - BP_UPGRADE_PACKAGES has changed
    Upgrading tool (from BP_UPGRADE_PACKAGES)
    Resolved 4 packages
    Compared with the previous lock:
     - libone 1.0 → 2.0
     - libtwo 1.0 → 2.0
     - tool 1.0 → 2.0
    Fetching 3 packages (<size>)
    Unpacking
    Reusing 1 package of the previous image (1 layer)
    Done (<time>)"
  `);
  expect(again).toMatch(/^Reusing 4 packages of the previous image$/m);
  expect(without).toMatch(/^Reusing 4 packages of the previous image$/m);
});

test("BP_LOCK_EPOCH moves everything, once, and tells it", async () => {
  const scene = await makeVersions();
  const layers = await temporaryDirectory();
  const env = { BP_LOCK_EPOCH: "2026-12" };

  await offer(scene, ...FIRST);
  await buildIn(scene, layers, { files: FILES });
  await offer(scene, ...FIRST, ...SECOND);
  const renewed = await buildIn(scene, layers, { files: FILES, env });
  const without = await buildIn(scene, layers, { files: FILES });

  expect(renewed).toMatchInlineSnapshot(`
    "[Installing Debian packages]
    Found apt.txt
    Discarding the earlier packages since:
     - BP_LOCK_EPOCH has changed
    Resolved 4 packages
    Compared with the previous lock:
     - libone 1.0 → 2.0
     - libtwo 1.0 → 2.0
     - other 1.0 → 2.0
     - tool 1.0 → 2.0
    Fetching 4 packages (<size>)
    Unpacking
    Done (<time>)"
  `);
  expect(without).toMatch(/^Reusing 4 packages of the previous image$/m);
});

test("BP_LOCK_MAX_AGE fails of packages that a line was added to since", async () => {
  const scene = await makeVersions();
  const layers = await temporaryDirectory();
  // 2027-02-22, 92 days after the first build.
  const env = { SOURCE_DATE_EPOCH: "1803254400", BP_LOCK_MAX_AGE: "90 fail" };

  await offer(scene, ...FIRST);
  await buildIn(scene, layers, { files: { "apt.txt": "tool\n" } });
  const log = await buildIn(scene, layers, { files: FILES, env });

  expect(log).toMatchInlineSnapshot(`
    "[Installing Debian packages]
    Found apt.txt
    Discarding the earlier packages since:
     - apt.txt has changed
    Resolved 4 packages
    Compared with the previous lock:
     - other 1.0 added

    [Error: A lock is older than BP_LOCK_MAX_AGE allows]

    Found: the lock of Debian packages is of 2026-11-22, 92 days ago.
    Its packages may lack fixes that newer versions have.
    Needed: a lock of at most 90 days. For a new one, set BP_LOCK_EPOCH to a new value."
  `);
});

test("versions are of the day on which none of the earlier ones was kept", async () => {
  const scene = await makeVersions();
  const layers = await temporaryDirectory();
  const env = { SOURCE_DATE_EPOCH: "1803254400", BP_LOCK_MAX_AGE: "90 fail" };

  await offer(scene, ...FIRST);
  await buildIn(scene, layers, { files: { "apt.txt": "tool\n" } });
  await offer(scene, ...SECOND);
  const renewed = await buildIn(scene, layers, { files: FILES, env });
  const unchanged = await buildIn(scene, layers, { files: FILES, env });

  expect(renewed).toMatch(/^Resolved 4 packages$/m);
  expect(renewed).not.toContain("BP_LOCK_MAX_AGE");
  expect(unchanged).toMatch(/^Reusing 4 packages of the previous image$/m);
});
