import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  environmentFile,
  failingBuild,
  lockOf,
  makeLastingApp,
  serveTestChannels,
  type TestChannels,
} from "../support/conda-builds.ts";
import { editRepodata } from "../../scripts/lib/conda/channel.ts";
import { buildAndPublish } from "../support/platform.ts";

let channels: TestChannels;

beforeAll(async () => {
  channels = await serveTestChannels([
    { name: "small", noarch: "generic", files: { "share/small": "small\n".repeat(1000) } },
    { name: "wrong", noarch: "generic" },
  ]);
  await editRepodata(channels.ownDirectory, "noarch", (index) => {
    const packages = Object.entries(index["packages.conda"]).map(([file, record]) => {
      const digests = { sha256: "0".repeat(64), md5: "0".repeat(32) };
      return [file, file.startsWith("wrong-") ? { ...record, ...digests } : record] as const;
    });
    return { ...index, "packages.conda": Object.fromEntries(packages) };
  });
});

beforeEach(() => channels.failures.clear());

/** What is printed for an environment file. */
async function failWith(name: string, text: string): Promise<string> {
  const path = await makeLastingApp({ "environment.yml": text, Procfile: "web: true\n" });
  return await failingBuild(`failures/${name}`, { path }, channels);
}

describe("an environment file", () => {
  it("that is no YAML", async () => {
    const text = "name: app\ndependencies:\n  - python\n  numpy: [1\n";

    expect(await failWith("yaml", text)).toMatchInlineSnapshot(`
      "[Error: The conda environment can't be read from environment.yml]

      environment.yml, line 4: numpy: [1
        This is no YAML at column 1. The line is indented otherwise than those it belongs to."
    `);
  });

  it("with lines that are no specs", async () => {
    const text = environmentFile([channels.own], ["two words here", "'small'", "small=1.0 # fine"]);

    expect(await failWith("words", text)).toMatchInlineSnapshot(`
      "[Error: The conda environment can't be read from environment.yml]

      environment.yml, line 4: - two words here
        Each package needs a line of its own:

          - two
          - words
          - here"
    `);
  });

  it("with a version that conda does not understand", async () => {
    const text = environmentFile([channels.own], ["small", "small>=>1"]);

    expect(await failWith("spec", text)).toMatchInlineSnapshot(`
      "[Error: conda does not understand 'small>=>1']

      Found in environment.yml, line 5: small>=>1
      unable to parse version spec: >=>1

      Needed: a package's name, and what is asked of its version, as in numpy, numpy>=2,
      numpy=2.2.* or conda-forge::numpy=2.2"
    `);
  });

  it("that asks for what excludes each other", async () => {
    const text = environmentFile([channels.real], ["chain-a=2.0", "chain-b=1.0", "chain-c"]);

    expect(await failWith("unsatisfiable", text)).toMatchInlineSnapshot(`
      "[Error: No set of packages fits what environment.yml asks for]

      The following packages are incompatible
      ├─ chain-b 1.0.* can be installed with any of the following options:
      │  └─ chain-b 1.0
      └─ chain-a 2.0.* cannot be installed because there are no viable options:
         └─ chain-a 2.0 would require
            └─ chain-b >=1.1, which cannot be installed because there are no viable options:
               └─ chain-b 1.1, which conflicts with the versions reported above

      Found in environment.yml, line 4: chain-a=2.0
      Found in environment.yml, line 5: chain-b=1.0"
    `);
  });

  it("that asks for what there is nowhere, or in no such version", async () => {
    const text = environmentFile([channels.real], ["purlib", "libheavy>=2", "needs-missing"]);

    expect(await failWith("nowhere", text)).toMatchInlineSnapshot(`
      "[Error: No set of packages fits what environment.yml asks for]

      No candidates were found for purlib

      Found in environment.yml, line 4: purlib
      Found in environment.yml, line 5: libheavy>=2

      - The channels have no package called purlib. Was purelib meant?
      - The newest of libheavy in the channels: 1.1 and 1.0."
    `);
  });

  it("that asks for what there is for another platform only", async () => {
    const text = environmentFile([channels.real], ["other-platform"]);

    expect(await failWith("platform", text)).toMatchInlineSnapshot(`
      "[Error: No set of packages fits what environment.yml asks for]

      No candidates were found for other-platform

      Found in environment.yml, line 4: other-platform

      - The channels have other-platform for osx-64 alone. If it is for those only, say so on its line: other-platform  # [osx]"
    `);
  });
});

describe("a channel", () => {
  const wants = (dependency: string) => environmentFile([channels.own], [dependency]);

  it("that is missing", async () => {
    const text = environmentFile([`${channels.url}/misspelt`], ["small"]);

    expect(await failWith("missing", text)).toMatchInlineSnapshot(`
      "[Error: There is no conda channel at http://channels/misspelt]

      Found in environment.yml, line 2: http://channels/misspelt
      Needed: a channel with a file noarch/repodata.json at its address

      1. Check the channel's name; upper and lower case differ.
      2. A channel that is not on conda.anaconda.org is written with its whole address, or
         BP_CONDA_CHANNEL_ALIAS says where channels lie.
      3. Some servers answer so, too, where a private channel needs credentials: a binding of type
         "conda" gives them."
    `);
  });

  it("that can't be reached", async () => {
    const text = environmentFile(["http://127.0.0.1:9/channel"], ["small"]);

    const message = await failWith("unreachable", text);
    // Which is asked for first is left to chance.
    expect(message.replace(/\/(?:noarch|linux-64)\/\S+\)/, "/…)")).toMatchInlineSnapshot(`
      "[Error: Conda packages could not be downloaded from 127.0.0.1:9]

      Needed: a network in which the build reaches 127.0.0.1:9. Behind a proxy, set HTTP_PROXY,
      HTTPS_PROXY and NO_PROXY for the build; for a mirror of the channel, BP_CONDA_MIRRORS.

      Nothing in the app needs to change. Once the cause is mended, build again.

      Details:
      Request failed after 3 retries
      Caused by: error sending request for url (http://127.0.0.1:9/channel/…)
      Caused by: client error (Connect)
      Caused by: tcp connect error
      Caused by: Connection refused (os error 111)"
    `);
  });

  it("whose index is no index", async () => {
    channels.failures.set("noarch/repodata.json", { changed: true });
    channels.failures.set("noarch/repodata.json.zst", { status: 404 });

    expect(await failWith("index", wants("small"))).toMatchInlineSnapshot(`
      "[Error: The index of the conda channel http://channels/own can't be read]

      Found: something else than an index of packages (repodata.json), or half of one.
      Needed: the channel as its server gives it. A mirror or proxy on the way may have changed it.

      Nothing in the app needs to change. Once the cause is mended, build again.

      Details:
      failed to parse repodata.json
      Caused by: expected ident at line 1 column 2"
    `);
  });

  it("whose index has another digest than the file", async () => {
    const message = await failWith("digest", wants("wrong"));
    expect(message.replace(/packages\/\.\S+: /, "packages/…: ")).toMatchInlineSnapshot(`
      "[Error: http://channels/own/noarch/wrong-1.0-0.conda is not the file that it should be]

      The channel's index names another digest than the file has, or did when this app's lock was
      made. A mirror may be out of step, or something on the way changes files. Once you know why,
      set BP_LOCK_EPOCH to a new value, so that everything is solved anew.

      Nothing in the app needs to change. Once the cause is mended, build again.

      Details:
      failed to fetch wrong-1.0-0.conda
      Caused by: failed to interact with the package cache layer.
      Caused by: hash mismatch when extracting http://channels/own/noarch/wrong-1.0-0.conda to /layers/ml-buildpacks_conda/conda-cache/packages/…: expected 0000000000000000000000000000000000000000000000000000000000000000, got 4843fcdb6cdee9a4a9716dd260c2f8811629c6b9b102545a6903978288f6ba2a, total size 8113 bytes"
    `);
  });

  it("that has a package in its index alone", async () => {
    channels.failures.set("small-1.0-0.conda", { status: 404 });

    expect(await failWith("gone", wants("small"))).toMatchInlineSnapshot(`
      "[Error: The channel does not have http://channels/own/noarch/small-1.0-0.conda]

      The channel's index names it, or did when this app's lock was made.
      1. Set BP_LOCK_EPOCH to a new value, so that everything is solved anew.
      2. Check that the channel's mirror, if there is one, has all of it."
    `);
  });

  it("from which a download is interrupted, each time", async () => {
    channels.failures.set("small-1.0-0.conda", { cutAfter: 300 });

    expect(await failWith("interrupted", wants("small"))).toMatchInlineSnapshot(`
      "[Error: http://channels/own/noarch/small-1.0-0.conda could not be downloaded whole]

      Found: it ended too early, or is no archive, however often it was tried.
      Needed: a connection to the channel that lasts; a proxy on the way may limit the size of files.

      Nothing in the app needs to change. Once the cause is mended, build again.

      Details:
      failed to fetch small-1.0-0.conda
      Caused by: failed to interact with the package cache layer.
      Caused by: an io error occurred: error decoding response body
      Caused by: error decoding response body
      Caused by: request or response body error
      Caused by: error reading a body from connection
      Caused by: end of file before message length reached"
    `);
  });

  it("from which a download is interrupted once is asked again", async () => {
    channels.failures.set("small-1.0-0.conda", { cutAfter: 300, times: 1 });
    const path = await makeLastingApp({
      "environment.yml": wants("small"),
      Procfile: "web: true\n",
    });

    const { image } = await buildAndPublish("failures/once", { path });
    expect(channels.failures.size).toBe(0);
    expect(lockOf(image)).toEqual(["small-1.0-0"]);
  });

  it("that has trouble of its own", async () => {
    channels.failures.set("small-1.0-0.conda", { status: 503 });

    expect(await failWith("trouble", wants("small"))).toMatchInlineSnapshot(`
      "[Error: Conda packages could not be downloaded from channels]

      Needed: a network in which the build reaches channels. Behind a proxy, set HTTP_PROXY,
      HTTPS_PROXY and NO_PROXY for the build; for a mirror of the channel, BP_CONDA_MIRRORS.

      Nothing in the app needs to change. Once the cause is mended, build again.

      Details:
      failed to fetch small-1.0-0.conda
      Caused by: failed to interact with the package cache layer.
      Caused by: HTTP status server error (503 Service Unavailable) for url (http://channels/own/noarch/small-1.0-0.conda)"
    `);
  });
});

it("a lock file without the platform", async () => {
  const lock = `version: 6
environments:
  default:
    channels: []
    packages:
      osx-arm64: []
packages: []
`;
  const path = await makeLastingApp({
    "pixi.lock": lock,
    "pixi.toml": "",
    Procfile: "web: true\n",
  });

  expect(await failingBuild("failures/pixi", { path }, channels)).toMatchInlineSnapshot(`
    "[Error: pixi.lock is not locked for linux-64]

    Found: osx-arm64
    Needed: linux-64, on which the image runs

    Add it and lock again:

      pixi workspace platform add linux-64"
  `);
});
