import { readFile, rm, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import type { DebianPackage } from "../../../src/debian/lock.ts";
import { sha256 } from "../../../src/kit/hash.ts";
import { makeSigningKey } from "../../support/openpgp.ts";
import { ARCHIVE, makeScene, prepareImage, publish, runIn, summaries } from "./archive.ts";

beforeAll(prepareImage);

describe("a resolution", () => {
  test("has what is asked for and needs, and nothing of the run image", async () => {
    const scene = await makeScene([
      { name: "tool", fields: { Depends: "libone, base", Recommends: "manual" } },
      { name: "libone" },
      { name: "base" },
      { name: "manual" },
    ]);

    const { log, packages, inRunImage } = await runIn(scene, {
      files: { "apt.txt": "# what the app calls\ntool\nbase # is there\ntool\n" },
      installed: ["base 1.0"],
    });

    expect(log).toBe("");
    expect(summaries(packages)).toEqual(["libone 1.0", "tool 1.0"]);
    expect(packages[0]).toEqual({
      name: "libone",
      version: "1.0",
      arch: "all",
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      url: `${ARCHIVE}/pool/libone_1.0_all.deb`,
      size: expect.any(Number) as number,
      installedSize: 1,
      launch: true,
      build: false,
      requested: false,
      request: "tool",
    });
    expect(inRunImage).toEqual(["base"]);
  });

  test("keeps the versions of the previous lock where the archive has them", async () => {
    const scene = await makeScene([
      { name: "tool", version: "1.0" },
      { name: "tool", version: "2.0" },
      { name: "other", version: "2.0" },
    ]);
    const files = { "apt.txt": "tool\nother\n" };
    const lock = [locked("tool", "1.0"), locked("other", "1.0")];

    const { packages, keepsAny } = await runIn(scene, { files, lock });

    expect(summaries(packages)).toEqual(["tool 1.0", "other 2.0"]);
    expect(keepsAny).toBe(true);
  });

  test("leaves those previous versions that stand in the way, and no others", async () => {
    const scene = await makeScene([
      { name: "tool", version: "1.0" },
      { name: "tool", version: "2.0" },
      { name: "other", version: "1.0" },
      { name: "other", version: "2.0" },
      { name: "more", fields: { Depends: "tool (>= 2)" } },
    ]);
    const lock = [locked("tool", "1.0"), locked("other", "1.0")];

    const files = { "apt.txt": "tool\nother\nmore\n" };
    const { log, packages } = await runIn(scene, { files, lock });

    expect(log).toBe("");
    expect(summaries(packages)).toEqual(["tool 2.0", "other 1.0", "more 1.0"]);
  });

  test("leaves all previous versions where one no longer fits the run image", async () => {
    const scene = await makeScene([
      { name: "tool", version: "1.0", fields: { Depends: "base (<< 2)" } },
      { name: "tool", version: "2.0", fields: { Depends: "base" } },
      { name: "other", version: "1.0" },
    ]);

    const { log, packages, keepsAny } = await runIn(scene, {
      files: { "apt.txt": "tool\nother\n" },
      lock: [locked("tool", "1.0"), locked("other", "1.0")],
      installed: ["base 2.0"],
    });

    expect(log).toMatchInlineSnapshot(
      `"Taking the archive's newest versions: those of the previous build no longer fit"`,
    );
    expect(summaries(packages)).toEqual(["tool 2.0", "other 1.0"]);
    expect(keepsAny).toBe(false);
  });

  test("keeps headers and the tools that come with them from the image", async () => {
    const development = { Section: "libdevel" };
    const scene = await makeScene([
      {
        name: "libone-dev",
        fields: { ...development, Depends: "libone (= 1.0), libtwo-dev, maker, libhad-dev" },
      },
      { name: "libone", fields: { Depends: "data" } },
      { name: "data", fields: { Section: "misc" } },
      { name: "libtwo-dev", fields: { ...development, Depends: "libtwo | libthree" } },
      { name: "libtwo" },
      { name: "maker", fields: { Section: "devel", Depends: "libmaker" } },
      { name: "libmaker" },
      { name: "libhad-dev", fields: development },
      { name: "cmake", fields: { Section: "devel" } },
    ]);

    const { log, packages } = await runIn(scene, {
      files: { "apt.txt": "libone-dev\ncmake\n" },
    });

    expect(log).toMatchInlineSnapshot(`"cmake is for the build only and not in the image"`);
    expect(summaries(packages)).toEqual([
      "data 1.0",
      "libhad-dev 1.0 build",
      "libmaker 1.0 build",
      "libone-dev 1.0 build",
      "libone 1.0",
      "libtwo-dev 1.0 build",
      "libtwo 1.0",
      "maker 1.0 build",
      "cmake 1.0 build",
    ]);
  });

  test("takes headers that go with a library of the run image, not newer ones", async () => {
    const libdevel = { Section: "libdevel", Source: "one" };
    const scene = await makeScene([
      { name: "libone", version: "1.1", fields: { Source: "one" } },
      { name: "libone-dev", version: "1.0", fields: { ...libdevel, Depends: "libone (= 1.0)" } },
      { name: "libone-dev", version: "1.1", fields: { ...libdevel, Depends: "libone (= 1.1)" } },
    ]);

    const { packages } = await runIn(scene, {
      files: { "apt.txt": "libone-dev\n" },
      installed: ["libone 1.0 one"],
    });

    expect(summaries(packages)).toEqual(["libone-dev 1.0 build"]);
  });

  test("takes a name's successor and its only provider, and says so", async () => {
    const scene = await makeScene([
      { name: "libgl1" },
      { name: "libasound2t64", fields: { Provides: "libasound2 (= 1.0)" } },
      { name: "python3-numpy" },
    ]);

    const { log, packages } = await runIn(scene, {
      files: { Aptfile: "libgl1-mesa-glx\nlibasound2\n" },
      env: { BP_APT_PACKAGES: "python3-numpy" },
    });

    expect(log).toMatchInlineSnapshot(`
      "Using libgl1 for libgl1-mesa-glx, which Debian 13 no longer has
      Using libasound2t64 for libasound2, which it provides
      python3-numpy: only Debian's own Python sees its modules; name the package of PyPI in requirements.txt in its place"
    `);
    expect(summaries(packages)).toEqual(["libgl1 1.0", "libasound2t64 1.0", "python3-numpy 1.0"]);
  });

  test("takes the app's pins, and packages that are files", async () => {
    const scene = await makeScene([
      { name: "tool", version: "1.0" },
      { name: "tool", version: "2.0" },
      { name: "mine", fields: { Depends: "tool" } },
    ]);
    const deb = await readFile(`${scene.root}/archive/pool/mine_1.0_all.deb`);

    const local = await runIn(scene, {
      files: {
        "apt.txt": "./debs/mine.deb\n",
        "debs/mine.deb": deb,
        "apt.preferences": "Package: tool\nPin: version 1.*\nPin-Priority: 990\n",
      },
    });
    const remote = await runIn(scene, {
      files: { "apt.txt": `${ARCHIVE}/pool/mine_1.0_all.deb sha256:${sha256(deb)}\n` },
    });

    expect(local.log).toBe("");
    expect(summaries(local.packages)).toEqual(["mine 1.0", "tool 1.0"]);
    expect(local.packages[0]?.url).toBe("./debs/mine.deb");
    expect(summaries(remote.packages)).toEqual(["mine 1.0", "tool 2.0"]);
    expect(remote.packages[0]?.url).toBe(`${ARCHIVE}/pool/mine_1.0_all.deb`);
  });

  test("reads an archive of the app, with its key and its credentials", async () => {
    const scene = await makeScene([{ name: "tool" }]);
    const source = `Types: deb
URIs: http://\${APT_USER}:\${APT_PASSWORD}@127.0.0.1:8000/private/archive
Suites: trixie
Components: main
Signed-By: ./keys/archive.asc
`;
    const files = {
      "apt.txt": "tool\n",
      "apt.sources.d/archive.sources": source,
      "keys/archive.asc": scene.key.publicKey,
    };
    const env = { APT_USER: "me", APT_PASSWORD: "s3cret-pass" };

    const { log, packages } = await runIn(scene, { files, env, sources: "\n" });
    const fetched = await runIn(scene, { files, env, lock: packages, fetch: true });
    const denied = await runIn(scene, {
      files,
      env: { ...env, APT_PASSWORD: "wr0ng-pass" },
      sources: "\n",
    });

    expect(log).toBe("");
    expect(packages[0]?.url).toBe("http://127.0.0.1:8000/private/archive/pool/tool_1.0_all.deb");
    expect(fetched.log.replace(/\d+ bytes/, "<n> bytes")).toMatchInlineSnapshot(
      `"tool: <n> bytes in /tmp/debs/tool_all.deb"`,
    );
    expect(denied.log).toMatchInlineSnapshot(`
      "[Error: 127.0.0.1:8000 refuses the credentials]

      http://127.0.0.1:8000/private/archive/dists/trixie/InRelease answered with status 401 to those of apt.sources.d/archive.sources, line 1.

      Needed: a user name and a password or token that may read it. One that expires has to be renewed."
    `);
  });
});

describe("what can't be resolved", () => {
  test("unknown packages, with the closest names and what provides them", async () => {
    const scene = await makeScene([
      { name: "ffmpeg" },
      { name: "mawk", fields: { Provides: "awk" } },
      { name: "gawk", fields: { Provides: "awk" } },
    ]);

    const { log } = await runIn(scene, {
      files: { "apt.txt": "ffmpg\nawk\nsomething-else\nlibjasper-dev\n" },
    });

    expect(log).toMatchInlineSnapshot(`
      "[Error: Debian has no packages of some names]

      apt.txt, line 1: ffmpg
        Did you mean ffmpeg?

      apt.txt, line 2: awk
        It stands for any of these, name one: gawk and mawk

      apt.txt, line 3: something-else
        Names can be looked up at https://packages.debian.org/trixie/

      apt.txt, line 4: libjasper-dev
        Debian has dropped JasPer; libopenjp2-7 (libopenjp2-7-dev) reads JPEG 2000, and OpenCV needs neither."
    `);
  });

  test("versions that the archive does not have", async () => {
    const scene = await makeScene([
      { name: "tool", version: "1.0" },
      { name: "tool", version: "1.10" },
      { name: "other" },
    ]);
    const of = async (lines: string) =>
      runIn(scene, { files: { "apt.txt": lines }, installed: ["other 1.0"] });

    expect((await of("tool=0.9\n")).log).toMatchInlineSnapshot(`
      "[Error: The archive does not have this version of tool]

      apt.txt, line 1: tool=0.9
        The archive has: tool=1.10, tool=1.0

      Debian's archive has only the newest of a release. Leave the version out: builds keep what the first one chose. For an older one, set BP_APT_SNAPSHOT to a time when the archive had it."
    `);
    expect(summaries((await of("tool=1.0*\n")).packages)).toEqual(["tool 1.0"]);
  });

  test("a suite that no source has", async () => {
    const scene = await makeScene([{ name: "tool" }]);

    const { log } = await runIn(scene, { files: { "apt.txt": "tool/trixie-backports\n" } });

    expect(log).toMatchInlineSnapshot(`
      "[Error: There is no suite trixie-backports for tool]

      Found in apt.txt, line 1: tool/trixie-backports

      The sources have: trixie

      Add its archive, in apt.sources.d/trixie-backports.sources:

        Types: deb
        URIs: http://deb.debian.org/debian
        Suites: trixie-backports
        Components: main"
    `);
  });

  test("packages that do not fit together", async () => {
    const scene = await makeScene([
      { name: "one", fields: { Conflicts: "two" } },
      { name: "two" },
      { name: "three", fields: { Depends: "nothing (>= 2)" } },
    ]);

    const conflict = await runIn(scene, { files: { "apt.txt": "one\ntwo\n" } });
    const missing = await runIn(scene, { files: { "apt.txt": "three\n" } });

    expect(conflict.log).toMatchInlineSnapshot(`
      "[Error: The packages do not fit together]

      Found:
      - apt.txt, line 1: one
      - apt.txt, line 2: two

      apt says:
      - one: Conflicts: two but 1.0 is to be installed

      Leave out a version or suite that is named, or one of the packages that exclude each other."
    `);
    expect(missing.log).toMatchInlineSnapshot(`
      "[Error: The packages do not fit together]

      Found in apt.txt, line 1: three

      apt says:
      - three: Depends: nothing (>= 2) but it is not installable

      What is not installable is in no archive that the build knows. The package may be made for another release than Debian 13, or the archive that has the rest is missing in apt.sources.d."
    `);
  });

  test("versions that exclude each other", async () => {
    const scene = await makeScene([
      { name: "lib", version: "1.0" },
      { name: "lib", version: "2.0" },
      { name: "old", fields: { Depends: "lib (<< 2)" } },
      { name: "new", fields: { Depends: "lib (>= 2)" } },
    ]);

    const both = await runIn(scene, { files: { "apt.txt": "old\nnew\n" } });
    const named = await runIn(scene, { files: { "apt.txt": "lib=1.0\nnew\n" } });

    expect(both.log).toMatchInlineSnapshot(`
      "[Error: The packages do not fit together]

      Found in apt.txt, line 1: old

      apt says:
      - old: Depends: lib (< 2) but 2.0 is to be installed

      Leave out a version or suite that is named, or one of the packages that exclude each other."
    `);
    expect(named.log).toMatchInlineSnapshot(`
      "[Error: The packages do not fit together]

      Found:
      - apt.txt, line 1: lib=1.0
      - apt.txt, line 2: new

      apt says:
      - new: Depends: lib (>= 2) but 1.0 is to be installed

      Leave out a version or suite that is named, or one of the packages that exclude each other."
    `);
  });

  test("what would change the run image", async () => {
    const scene = await makeScene([
      { name: "base-dev", version: "2.0", fields: { Depends: "base (= 2.0)" } },
      { name: "base", version: "2.0" },
      { name: "rival", fields: { Conflicts: "base" } },
    ]);
    const installed = ["base 1.0"];

    const newer = await runIn(scene, { files: { "apt.txt": "base-dev\n" }, installed });
    const named = await runIn(scene, { files: { "apt.txt": "base=2.0\n" }, installed });
    const removed = await runIn(scene, { files: { "apt.txt": "rival\n" }, installed });

    expect(newer.log).toMatchInlineSnapshot(`
      "[Error: A package does not fit the run image]

      Found in apt.txt, line 1: base-dev

      It would need other packages than those that the run image has:
      - base 2.0, in place of 1.0

      Nothing of the run image can be replaced: a second copy would hide what a rebase mends there.

      If the archive is newer than the run image, build with a newer builder, or take the packages of the time when the run image was made (BP_APT_SNAPSHOT). If a version or suite is named, leave it out."
    `);
    expect(named.log).toMatchInlineSnapshot(`
      "[Error: A package does not fit the run image]

      Found in apt.txt, line 1: base=2.0

      It would need other packages than those that the run image has:
      - base 2.0, in place of 1.0

      Nothing of the run image can be replaced: a second copy would hide what a rebase mends there.

      If the archive is newer than the run image, build with a newer builder, or take the packages of the time when the run image was made (BP_APT_SNAPSHOT). If a version or suite is named, leave it out."
    `);
    expect(removed.log).toMatchInlineSnapshot(`
      "[Error: A package does not fit the run image]

      Found in apt.txt, line 1: rival

      It would need other packages than those that the run image has:
      - base 1.0 would have to be removed

      Nothing of the run image can be replaced: a second copy would hide what a rebase mends there.

      If the archive is newer than the run image, build with a newer builder, or take the packages of the time when the run image was made (BP_APT_SNAPSHOT). If a version or suite is named, leave it out."
    `);
  });

  test("a .deb that is none, of another architecture, or with another checksum", async () => {
    const scene = await makeScene([
      { name: "foreign", fields: { Architecture: "riscv64" } },
      { name: "tool" },
    ]);
    const pool = `${ARCHIVE}/pool`;
    const foreign = await readFile(`${scene.root}/archive/pool/foreign_1.0_riscv64.deb`);
    const apt = async (line: string) => (await runIn(scene, { files: { "apt.txt": line } })).log;

    expect(await apt(`${pool}/foreign_1.0_riscv64.deb sha256:${sha256(foreign)}\n`))
      .toMatchInlineSnapshot(`
      "[Error: Unable to use a .deb file]

      Found in apt.txt, line 1: http://127.0.0.1:8000/archive/pool/foreign_1.0_riscv64.deb sha256:<sha256>

      The package is for riscv64, and the image for amd64."
    `);
    expect(await apt(`${pool}/tool_1.0_all.deb sha256:${"0".repeat(64)}\n`)).toMatchInlineSnapshot(`
      "[Error: tool_1.0_all.deb is not the file that was expected]

      Found in http://127.0.0.1:8000/archive/pool/tool_1.0_all.deb:
        sha256:<sha256>
      Needed, by apt.txt, line 1:
        sha256:<sha256>

      Whoever offers the file has replaced it. If you trust the new one, write its checksum."
    `);
    expect(await apt(`${pool}/none.deb sha256:${"0".repeat(64)}\n`)).toMatchInlineSnapshot(`
      "[Error: Unable to download a .deb file]

      http://127.0.0.1:8000/archive/pool/none.deb answered with status 404.

      Check that the address is written correctly and still exists."
    `);
  });
});

describe("an archive that can't be used", () => {
  const apt = { "apt.txt": "tool\n" };

  test("whose signature is bad, missing, or of another key", async () => {
    const scene = await makeScene([{ name: "tool" }]);

    await publish(scene, { spoil: (signed) => signed.replace("Origin: Test", "Origin: Rest") });
    const bad = await runIn(scene, { files: apt });
    await publish(scene, {
      spoil: (signed) => signed.replace(/^-----BEGIN[^]*?\n\n|-----BEGIN PGP SIGNATURE[^]*$/g, ""),
    });
    const unsigned = await runIn(scene, { files: apt });
    await publish(scene);
    const other = await runIn(scene, {
      files: {
        "apt.txt": `:repo:deb [signed-by=./other.asc] ${ARCHIVE} trixie main\ntool\n`,
        "other.asc": makeSigningKey("Other <other@example.com>").publicKey,
      },
      sources: "\n",
    });

    expect(bad.log).toMatchInlineSnapshot(`
      "[Error: An archive's signature can't be trusted]

      Found in the build image's sources: http://127.0.0.1:8000/archive trixie

      The signature is not one of this Release file: it was changed or cut off on its way, by a proxy or a mirror.

      Nothing in the app needs to change. Once the cause is mended, build again.

      Details:
      W: OpenPGP signature verification failed: http://127.0.0.1:8000/archive trixie InRelease: Sub-process /usr/bin/sqv returned an error code (1), error message is: Verifying signature:            Message has been manipulated
      E: The repository 'http://127.0.0.1:8000/archive trixie InRelease' is not signed."
    `);
    expect(unsigned.log).toMatchInlineSnapshot(`
      "[Error: An archive's signature can't be trusted]

      Found in the build image's sources: http://127.0.0.1:8000/archive trixie

      It is not signed. What is not signed is not installed: whoever is between the archive and the build could put anything into the image.

      Nothing in the app needs to change. Once the cause is mended, build again.

      Details:
      E: Failed to fetch http://127.0.0.1:8000/archive/dists/trixie/InRelease  Clearsigned file isn't valid, got 'NOSPLIT' (does the network require authentication?)
      E: The repository 'http://127.0.0.1:8000/archive trixie InRelease' is not signed."
    `);
    expect(other.log).toMatchInlineSnapshot(`
      "[Error: An archive's signature can't be trusted]

      Found in apt.txt, line 1: http://127.0.0.1:8000/archive trixie

      It is signed with the key <fingerprint>, which is not the one that the source names. The archive may have a new key: take the one of its own instructions.

      Details:
      W: OpenPGP signature verification failed: http://127.0.0.1:8000/archive trixie InRelease: Sub-process /usr/bin/sqv returned an error code (1), error message is: Missing key <fingerprint>, which is needed to verify signature.
      E: The repository 'http://127.0.0.1:8000/archive trixie InRelease' is not signed."
    `);
  });

  test("whose Release file has expired, or is of the future", async () => {
    const scene = await makeScene([{ name: "tool" }]);
    const durations = (log: string) => log.replaceAll(/\d+d \d+h \d+min \d+s/g, "<duration>");

    await publish(scene, { validFor: -50, dated: -100 });
    const expired = await runIn(scene, { files: apt });
    await publish(scene, { validFor: 100, dated: 50 });
    const future = await runIn(scene, { files: apt });

    expect(durations(expired.log)).toMatchInlineSnapshot(`
      "[Error: An archive's Release file has expired]

      Found in the build image's sources: http://127.0.0.1:8000/archive trixie

      It stopped being valid <duration> ago. The mirror is no longer updated, or a proxy gives an old copy, in which security updates would be missing. Or the clock of the building machine is wrong.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
    expect(durations(future.log)).toMatchInlineSnapshot(`
      "[Error: An archive's Release file is from the future]

      Found in the build image's sources: http://127.0.0.1:8000/archive trixie

      It is not valid for another <duration>. The clock of the building machine is wrong, most likely.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  test("that does not answer", async () => {
    const scene = await makeScene([{ name: "tool" }]);
    const at = async (source: string) => (await runIn(scene, { files: apt, sources: source })).log;

    expect(await at("deb http://127.0.0.1:8001/archive trixie main\n")).toMatchInlineSnapshot(`
      "[Error: Unable to reach 127.0.0.1:8001]

      http://127.0.0.1:8001/archive/dists/trixie/InRelease was tried four times. Could not connect to 127.0.0.1:8001 (127.0.0.1): Connection refused.

      The build needs a network for new packages. Behind a proxy, set HTTP_PROXY and HTTPS_PROXY.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
    expect(await at("deb http://nowhere.invalid/debian trixie main\n")).toMatchInlineSnapshot(`
      "[Error: Unable to reach nowhere.invalid]

      http://nowhere.invalid/debian/dists/trixie/InRelease was tried four times. Temporary failure resolving 'nowhere.invalid'.

      The build needs a network for new packages. Behind a proxy, set HTTP_PROXY and HTTPS_PROXY.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
    expect(await at("deb http://127.0.0.1:8000/down/archive trixie main\n")).toMatchInlineSnapshot(`
      "[Error: Unable to reach 127.0.0.1:8000]

      http://127.0.0.1:8000/down/archive/dists/trixie/InRelease was tried four times. It answered with status 503 (Service Unavailable).

      The build needs a network for new packages. Behind a proxy, set HTTP_PROXY and HTTPS_PROXY.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  test("that answers in the end", async () => {
    const scene = await makeScene([{ name: "tool" }]);
    const sources = "deb http://127.0.0.1:8000/flaky/archive trixie main\n";

    const { log, packages } = await runIn(scene, { files: apt, sources });
    const fetched = await runIn(scene, { files: apt, sources, lock: packages, fetch: true });

    expect(log).toBe("");
    expect(summaries(packages)).toEqual(["tool 1.0"]);
    expect(fetched.log).toMatch(/^tool: \d+ bytes in \/tmp\/debs\/tool_all\.deb$/);
  });

  test("that is not where it is said to be, or lacks a component", async () => {
    const scene = await makeScene([{ name: "tool" }]);
    const at = async (rest: string) =>
      (
        await runIn(scene, {
          files: {
            "apt.txt": `tool\n:repo:deb [signed-by=k.asc] ${ARCHIVE} ${rest}\n`,
            "k.asc": scene.key.publicKey,
          },
          sources: "\n",
        })
      ).log;

    expect(await at("bookworm main")).toMatchInlineSnapshot(`
      "[Error: An archive of packages is not where it is said to be]

      Found in apt.txt, line 2: http://127.0.0.1:8000/archive bookworm

      It has no Release file there (404). Check the address and the suite; what is behind the address without 'dists' and what follows is needed, and a suite that the archive has, such as trixie."
    `);
    expect(await at("trixie contrib")).toMatchInlineSnapshot(`
      "[Error: An archive has no component contrib]

      Found in apt.txt, line 2: http://127.0.0.1:8000/archive trixie

      Look at the archive's own instructions: after the suite stand the components that it has, often 'main'."
    `);
  });

  test("whose lists are not what it signed", async () => {
    const scene = await makeScene([{ name: "tool" }]);
    const path = `dists/trixie/main/binary-${scene.arch}/Packages`;
    await writeFile(`${scene.root}/archive/${path}`, "Package: other\n");

    const { log } = await runIn(scene, { files: apt });

    expect(
      log
        .replaceAll(/Release file created at: .*/g, "Release file created at: <time>")
        .replaceAll(scene.arch, "<arch>")
        .replaceAll(/\d{3,4}(?=\)| \[weak)/g, "<n>"),
    ).toMatchInlineSnapshot(`
      "[Error: The package lists of 127.0.0.1:8000 do not fit together]

      http://127.0.0.1:8000/archive/dists/trixie/main/binary-<arch>/Packages is not what the archive's signed Release file says. Most often the archive, or a proxy or mirror before it, was being updated at that moment.

      Nothing in the app needs to change. Once the cause is mended, build again.

      Details:
      E: Failed to fetch http://127.0.0.1:8000/archive/dists/trixie/main/binary-<arch>/Packages  File has unexpected size (15 != <n>). Mirror sync in progress? [IP: 127.0.0.1 8000]
         Hashes of expected file:
          - Filesize:<n> [weak]
          - SHA256:<sha256>
         Release file created at: <time>
      E: Some index files failed to download. They have been ignored, or old ones used instead."
    `);
  });

  test("that two sources name with two keys", async () => {
    const scene = await makeScene([{ name: "tool" }]);

    const { log } = await runIn(scene, {
      files: {
        "apt.txt": `tool\n:repo:deb [signed-by=./keys/a.asc] ${ARCHIVE} trixie main\n`,
        "apt.sources.d/again.sources": `Types: deb\nURIs: ${ARCHIVE}\nSuites: trixie\nComponents: main\nSigned-By: ./keys/b.asc\n`,
        "keys/a.asc": scene.key.publicKey,
        "keys/b.asc": makeSigningKey("Other <other@example.com>").publicKey,
      },
      sources: "\n",
    });

    expect(log).toMatchInlineSnapshot(`
      "[Error: Two sources of packages contradict each other]

      Found in apt.txt, line 2 and apt.sources.d/again.sources, line 1.

      http://127.0.0.1:8000/archive/ trixie is named twice, with the key keys/a.asc and with the key keys/b.asc.

      Name each archive once, with one key. Debian's own archives need none."
    `);
  });

  test("that the app names with another key than the build image", async () => {
    const scene = await makeScene([{ name: "tool" }]);

    const { log } = await runIn(scene, {
      files: {
        "apt.txt": `tool\n:repo:deb [signed-by=./keys/a.asc] ${ARCHIVE} trixie main\n`,
        "keys/a.asc": scene.key.publicKey,
      },
      sources: `deb [signed-by=/scene/system/trusted.gpg.d/test.asc] ${ARCHIVE} trixie main\n`,
    });

    expect(log).toMatchInlineSnapshot(`
      "[Error: Two sources of packages contradict each other]

      Found in apt.txt, line 2.

      http://127.0.0.1:8000/archive/ trixie is named twice, with the image's key test.asc and with the key keys/a.asc.

      Name each archive once, with one key. Debian's own archives need none."
    `);
  });
});

describe("locked packages", () => {
  test("whose archive no longer answers", async () => {
    const scene = await makeScene([{ name: "tool" }]);
    const files = { "apt.txt": "tool\n" };
    const { packages } = await runIn(scene, { files });
    const at = async (archive: string) => {
      const lock = packages.map((item) => ({ ...item, url: item.url.replace(ARCHIVE, archive) }));
      return (await runIn(scene, { files, lock, fetch: true })).log;
    };

    expect(await at("http://127.0.0.1:8000/down/archive")).toMatchInlineSnapshot(`
      "[Error: Unable to reach 127.0.0.1:8000]

      http://127.0.0.1:8000/down/archive/pool/tool_1.0_all.deb was tried four times. It answered with status 503.

      The build needs a network for new packages. Behind a proxy, set HTTP_PROXY and HTTPS_PROXY.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
    expect(await at("http://127.0.0.1:8001/archive")).toMatchInlineSnapshot(`
      "[Error: Unable to reach 127.0.0.1:8001]

      http://127.0.0.1:8001/archive/pool/tool_1.0_all.deb was tried four times. Failed to connect to 127.0.0.1 port 8001 after 0 ms: Could not connect to server.

      The build needs a network for new packages. Behind a proxy, set HTTP_PROXY and HTTPS_PROXY.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
    expect(await at("http://nowhere.invalid/debian")).toMatchInlineSnapshot(`
      "[Error: Unable to reach nowhere.invalid]

      http://nowhere.invalid/debian/pool/tool_1.0_all.deb was tried four times. Could not resolve host: nowhere.invalid.

      The build needs a network for new packages. Behind a proxy, set HTTP_PROXY and HTTPS_PROXY.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
    expect(await at("http://127.0.0.1:8000/private/archive")).toMatchInlineSnapshot(`
      "[Error: 127.0.0.1:8000 asks for credentials]

      http://127.0.0.1:8000/private/archive/pool/tool_1.0_all.deb answered with status 401.

      Needed: a user name and a password or token that may read it. Give them in a binding of type apt, with the keys url, username and password. Or put them into variables of the build, and name the variables in the address:

        https://\${APT_USER}:\${APT_PASSWORD}@127.0.0.1:8000/…

      Credentials reach neither the image nor its metadata."
    `);
  });

  test("are fetched without a resolution, and are what was locked", async () => {
    const scene = await makeScene([{ name: "tool" }, { name: "lib++one", version: "1:2.0~rc1" }]);
    const files = { "apt.txt": "tool\nlib++one\n" };
    const { packages } = await runIn(scene, { files });

    const fetched = await runIn(scene, { files, lock: packages, fetch: true, sources: "\n" });
    const tool = `${scene.root}/archive/pool/tool_1.0_all.deb`;
    await writeFile(tool, "<html>log in here</html>");
    const changed = await runIn(scene, { files, lock: packages, fetch: true });
    await rm(tool);
    const gone = await runIn(scene, { files, lock: packages, fetch: true });

    expect(fetched.log.replaceAll(/\d+ bytes/g, "<n> bytes")).toMatchInlineSnapshot(`
      "tool: <n> bytes in /tmp/debs/tool_all.deb
      lib++one: <n> bytes in /tmp/debs/lib++one_all.deb"
    `);
    expect(changed.log).toMatchInlineSnapshot(`
      "[Error: tool is not the file that was expected]

      Found in http://127.0.0.1:8000/archive/pool/tool_1.0_all.deb:
        sha256:<sha256>
      Needed, as it was when the packages were chosen:
        sha256:<sha256>

      A proxy or a mirror may have changed the file, or cut it off.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
    expect(gone.log).toMatchInlineSnapshot(`
      "[Error: Some packages are no longer in the archive]

      Not found:
      - tool 1.0 (http://127.0.0.1:8000/archive/pool/tool_1.0_all.deb)

      They were chosen by an earlier build, and the archive has replaced them since. A new value of BP_LOCK_EPOCH chooses anew; BP_APT_SNAPSHOT keeps Debian's packages for years."
    `);
  });
});

function locked(name: string, version: string): DebianPackage {
  return {
    ...{ name, version, arch: "all", sha256: "", url: "", size: 1, installedSize: 1 },
    ...{ launch: true, build: false, requested: true, request: name },
  };
}
