import { beforeAll, describe, expect, it } from "vitest";
import {
  condaLog,
  environmentFile,
  failingBuild,
  lockedFiles,
  lockOf,
  makeLastingApp,
  serveTestChannels,
  type TestChannels,
} from "../support/conda-builds.ts";
import { serveChannels } from "../support/conda-channel-server.ts";
import { buildAndPublish } from "../support/platform.ts";
import { findInImageAndCaches, spellingsIn, spellingsOf } from "../support/secrets/secrets.ts";

let channels: TestChannels;

beforeAll(async () => {
  channels = await serveTestChannels([
    { name: "chain-a", version: "0.9", noarch: "generic" },
    { name: "own-tool", noarch: "generic", depends: ["chain-c"] },
  ]);
});

describe("channels that are written by name", () => {
  it("lie where .condarc says, which gives the order of channels, too; keys that mean nothing are told", async () => {
    const path = await makeLastingApp({
      "environment.yml": "dependencies: [chain-a, own-tool, accel]\ndependancies: [libfoo]\n",
      ".condarc": `channels: [own, team/real]
custom_channels:
  team: ${channels.url}/missing
channel_alias: ${channels.url}
custom_multichannels:
  team/real: [real]
channel_priority: strict
show_channel_urls: true
`,
      Procfile: "web: true\n",
    });
    const { image, output } = await buildAndPublish("channels/condarc", { path });

    // The first channel that has a package counts, whatever version others have.
    expect(lockOf(image)).toEqual([
      ...["accel-2.0-cpu_0", "chain-a-0.9-0", "chain-c-1.2-0", "own-tool-1.0-0"],
    ]);
    expect(condaLog(output, channels)).toMatchInlineSnapshot(`
      "Found environment.yml
      Skipping dependancies (environment.yml, line 2) because no such key is known; did you mean dependencies?
      Solving for linux-64
      Solved: 4 packages (… s)
      Installing 4 packages
      Done (… s)"
    `);
  });

  it("lie where BP_CONDA_CHANNEL_ALIAS says", async () => {
    const path = await makeLastingApp({
      "environment.yml": environmentFile(["real", "nodefaults"], ["own::chain-a", "chain-c"]),
      Procfile: "web: true\n",
    });
    const env = { BP_CONDA_CHANNEL_ALIAS: channels.url };
    const { image } = await buildAndPublish("channels/alias", { path, env });

    expect(lockOf(image)).toEqual(["chain-a-0.9-0", "chain-c-1.2-0"]);
  });

  it("are read from mirrors, while the lock has their own addresses", async () => {
    const path = await makeLastingApp({
      "environment.yml": environmentFile(["conda-forge"], ["chain-a"]),
      Procfile: "web: true\n",
    });
    const build = async (name: string, mirror: string) =>
      await buildAndPublish(`channels/${name}`, {
        path,
        env: { BP_CONDA_MIRRORS: `conda-forge=${mirror}` },
      });
    const first = await build("mirror", channels.real);
    const elsewhere = await serveTestChannels();
    const second = await build("other-mirror", elsewhere.real);

    expect(condaLog(first.output, channels)).toMatchInlineSnapshot(`
      "Found environment.yml
      Using http://channels/real in place of https://conda.anaconda.org/conda-forge
      Solving for linux-64
      Solved: 3 packages (… s)
      Installing 3 packages
      Done (… s)"
    `);
    expect(new Set(lockedFiles(first.image).map(({ directory }) => directory))).toEqual(
      new Set(["https://conda.anaconda.org/conda-forge/noarch"]),
    );
    expect(elsewhere.requests.map(({ path: asked }) => asked)).toContain(
      "/real/noarch/chain-a-2.0-0.tar.bz2",
    );
    expect(second.image.digest).toBe(first.image.digest);
    const again = await build("mirror", "http://127.0.0.1:9/gone");
    expect(again.image.digest).toBe(first.image.digest);
  });
});

describe("a channel that wants credentials", () => {
  const PASSWORD = "conda-Secret-31415";

  it("takes those of a binding, which nothing keeps", async () => {
    const served = await serveChannels(channels.ownDirectory, {
      requires: { user: "someone", password: PASSWORD },
    });
    const path = await appFor(served.url);
    const binding = await makeLastingApp({
      type: "conda\n",
      channel: served.url,
      username: "someone",
      password: `${PASSWORD}\n`,
    });

    expect(await failingBuild("channels/refused", { path }, served)).toMatchInlineSnapshot(`
      "[Error: channels refuses to give conda packages]

      Found: HTTP status 401 from http://channels.
      Needed: credentials that hold, in a binding of type "conda" with the keys "channel" and
      "token", or "channel", "username" and "password".

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
    const built = await buildAndPublish("channels/binding", {
      path,
      volumes: [`${binding}:/platform/bindings/channel:ro`],
    });
    expect(lockOf(built.image)).toEqual(["chain-a-0.9-0"]);
    await expectNowhere(PASSWORD, built);
  });

  it("takes those of its address, with variables' values", async () => {
    const served = await serveChannels(channels.ownDirectory, {
      requires: { user: "someone", password: PASSWORD },
    });
    const path = await appFor(served.url.replace("//", "//someone:${CHANNEL_PASSWORD}@"));
    const built = await buildAndPublish("channels/variable", {
      path,
      env: { CHANNEL_PASSWORD: PASSWORD },
    });

    expect(lockOf(built.image)).toEqual(["chain-a-0.9-0"]);
    await expectNowhere(PASSWORD, built);
  });

  it("takes Anaconda's token, which is part of the path", async () => {
    const token = "ab-0123456789abcdef";
    const served = await serveChannels(channels.ownDirectory, { requires: { token } });
    const path = await appFor(served.url.replace(/$/, "/t/${CHANNEL_TOKEN}"));
    const built = await buildAndPublish("channels/token", {
      path,
      env: { CHANNEL_TOKEN: token },
    });

    expect(lockOf(built.image)).toEqual(["chain-a-0.9-0"]);
    await expectNowhere(token, built);
  });

  it("says which credentials are refused, without them", async () => {
    const served = await serveChannels(channels.ownDirectory, {
      requires: { user: "someone", password: PASSWORD },
    });
    const path = await appFor(served.url.replace("//", "//someone:wrong-31415@"));
    const message = await failingBuild("channels/wrong", { path }, served);

    expect(message).toMatchInlineSnapshot(`
      "[Error: channels refuses to give conda packages]

      Found: HTTP status 401 from http://channels,
      with the credentials of environment.yml, line 2.
      Needed: credentials that hold, in a binding of type "conda" with the keys "channel" and
      "token", or "channel", "username" and "password".

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });
});

async function appFor(channel: string): Promise<string> {
  return await makeLastingApp({
    "environment.yml": environmentFile([channel], ["chain-a"]),
    Procfile: "web: true\n",
  });
}

/** Neither the image nor the caches of the build have the secret, nor was it printed. */
async function expectNowhere(
  secret: string,
  { output, reference }: Awaited<ReturnType<typeof buildAndPublish>>,
): Promise<void> {
  const spellings = spellingsOf("the secret", secret);
  expect(spellingsIn(output, spellings)).toEqual([]);
  expect(await findInImageAndCaches(reference, spellings)).toEqual([]);
}
