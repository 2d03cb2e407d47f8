import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { filesWith } from "../pip/builds.ts";
import { buildIn, makeScene, offer, prepareImage } from "./archive.ts";

beforeAll(prepareImage);

describe("a build", () => {
  test("takes part for an empty file, and asks no archive", async () => {
    const scene = await makeScene([{ name: "tool" }]);
    const layers = await temporaryDirectory();
    const run = {
      files: { "apt.txt": "" },
      sources: "deb http://127.0.0.1:8001/none trixie main\n",
    };

    const first = await buildIn(scene, layers, run);
    const second = await buildIn(scene, layers, run);

    expect(first).toMatchInlineSnapshot(`
      "[Installing Debian packages]
      Found apt.txt
      Found no packages in apt.txt
      Resolved 0 packages
      Done (<time>)"
    `);
    expect(second).toMatchInlineSnapshot(`
      "[Installing Debian packages]
      Found apt.txt
      Found no packages in apt.txt
      Reusing 0 packages of the previous image"
    `);
  });

  test("on a newer base says so, ships what is still missing, and keeps the other versions", async () => {
    const libraries = [
      { name: "tool", fields: { Depends: "libone, libtwo" }, files: { "usr/bin/tool": "tool" } },
      { name: "libone", version: "1.0" },
      { name: "libtwo", version: "1.0" },
    ];
    const scene = await makeScene(libraries);
    const layers = await temporaryDirectory();
    const files = { "apt.txt": "tool\n" };

    const first = await buildIn(scene, layers, {
      files,
      installed: ["base-files 13.8", "libstdc++6 14.2", "netbase 6.5"],
    });
    const second = await buildIn(scene, layers, {
      files,
      installed: ["base-files 13.9", "libone 1.1", "libstdc++6 14.2"],
    });

    expect(first).toMatchInlineSnapshot(`
      "[Installing Debian packages]
      Found apt.txt
      Resolved 3 packages
      Fetching 3 packages (<size>)
      Unpacking
      Done (<time>)"
    `);
    expect(second).toMatchInlineSnapshot(`
      "[Installing Debian packages]
      Found apt.txt
      Discarding the earlier packages since:
       - the run image has base-files 13.9 in place of 13.8
       - the run image has libone 1.1 now
       - the run image no longer has netbase
      Resolved 2 packages
      Compared with the previous lock:
       - libone 1.0 removed
      Fetching 2 packages (<size>)
      Unpacking
      Done (<time>)"
    `);
  });

  test("chooses anew what the archive no longer has", async () => {
    const scene = await makeScene([
      { name: "tool", version: "1.0", files: { "usr/bin/tool": "tool" } },
      { name: "tool", version: "2.0", files: { "usr/bin/tool": "tool" } },
      { name: "other", version: "1.0", files: { "usr/bin/other": "other" } },
    ]);
    const layers = await temporaryDirectory();
    const files = { "apt.txt": "tool\nother\n" };

    await offer(scene, "tool_1.0", "other_1.0");
    await buildIn(scene, layers, { files });
    await offer(scene, "tool_2.0", "other_1.0");
    // Contents that have to be made again though nothing has changed.
    for (const file of await storeLayersOf(layers)) await rm(join(layers, file));
    const second = await buildIn(scene, layers, { files });
    const third = await buildIn(scene, layers, { files });

    expect(second).toContain("Choosing anew because the archive no longer has tool 1.0\n");
    expect(second).toContain("Compared with the previous lock:\n - tool 1.0 → 2.0\n");
    expect(second).toMatch(/^Done /m);
    expect(third).toContain("Reusing 2 packages of the previous image");
  });

  test("on an archive that names what it does not have ends with its name", async () => {
    const scene = await makeScene([{ name: "tool", files: { "usr/bin/tool": "tool" } }]);
    await rm(join(scene.root, "archive/pool/tool_1.0_all.deb"));

    const log = await buildIn(scene, await temporaryDirectory(), {
      files: { "apt.txt": "tool\n" },
    });

    expect(log).toMatchInlineSnapshot(`
      "[Installing Debian packages]
      Found apt.txt
      Resolved 1 package
      Fetching 1 package (<size>)
      Choosing anew because the archive no longer has tool 1.0
      Resolved 1 package
      Fetching 1 package (<size>)

      [Error: An archive does not have the packages that it names]

      Not found:
      - tool 1.0 (http://127.0.0.1:8000/archive/pool/tool_1.0_all.deb)

      The archive's own lists name them. Most often it, or a mirror of it, is being updated at that moment.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  test("opens a private archive with a binding, of which another password changes nothing", async () => {
    const scene = await makeScene([{ name: "tool" }]);
    const layers = await temporaryDirectory();
    const files = {
      "apt.txt":
        ":repo:deb [signed-by=./keys/archive.asc] http://127.0.0.1:8000/private/archive trixie main\ntool\n",
      "keys/archive.asc": scene.key.publicKey,
    };
    const build = async (into: string, password: string) => {
      await writeFiles(scene.root, {
        "platform/bindings/archive/type": "apt\n",
        "platform/bindings/archive/url": "http://127.0.0.1:8000/private/",
        "platform/bindings/archive/username": "me",
        "platform/bindings/archive/password": `${password}\n`,
      });
      const env = { CNB_PLATFORM_DIR: "/scene/platform", BP_LOG_LEVEL: "debug" };
      return await buildIn(scene, into, { files, sources: "\n", env });
    };

    const refused = await build(await temporaryDirectory(), "wr0ng-pass");
    const first = await build(layers, "s3cret-pass");
    const second = await build(layers, "an0ther-pass");

    expect(refused.slice(refused.indexOf("[Error"))).toMatchInlineSnapshot(`
      "[Error: 127.0.0.1:8000 refuses the credentials]

      http://127.0.0.1:8000/private/archive/dists/trixie/InRelease answered with status 401 to those of the binding archive.

      Needed: a user name and a password or token that may read it. One that expires has to be renewed."
    `);
    expect(first).toContain("Resolved 1 package");
    expect(second).toContain("Reusing");
    expect(second).not.toContain("Resolved");
    expect(refused + first + second).not.toMatch(/(?:wr0ng|s3cret|an0ther)-pass/);
    expect(await filesWith(layers, /s3cret-pass/)).toEqual([]);
  });
});

async function storeLayersOf(layers: string): Promise<readonly string[]> {
  const files = await readdir(layers);
  return files.filter((file) => file.endsWith(".toml") && file !== "root.toml");
}
