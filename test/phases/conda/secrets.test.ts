import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleBuildpack } from "../../../scripts/lib/bundle.ts";
import { cleanUp } from "../../../scripts/lib/cleanup.ts";
import { readAll } from "../../../scripts/lib/command.ts";
import { type Engine, findEngine } from "../../../scripts/lib/engine.ts";
import { ROOT } from "../../../scripts/lib/paths.ts";
import { prepareStack } from "../../../scripts/lib/stack.ts";
import { makeTemporaryFolder } from "../../../scripts/lib/temporary-folder.ts";
import {
  makeChannel,
  publishCondaPackage,
  type PublishedCondaPackage,
} from "../../../scripts/lib/conda/channel.ts";
import { serveChannels } from "../../support/conda-channel-server.ts";
import { writeFiles } from "../../support/phase.ts";
import { filesWith } from "../pip/builds.ts";

/** In every secret, and in nothing else. */
const SECRET = /s3cret/;

let engine: Engine;
let image: string;
/** What the lock files name: addresses with a password and with a token, and what lies there. */
let python: Located;
let tool: Located;

interface Located {
  readonly url: string;
  readonly sha256: string;
}

beforeAll(async () => {
  engine = await findEngine();
  image = (await prepareStack(engine, "cpu")).build;
  await bundleBuildpack(ROOT, "conda");
  const directory = await makeChannel([]);
  const withPassword = await serveChannels(directory, {
    requires: { user: "me", password: "s3cret-password" },
  });
  const withToken = await serveChannels(directory, { requires: { token: "tk-s3cret" } });
  const made = {
    ...{ name: "python", version: "3.13.1" },
    files: { "bin/python3.13": '#!/bin/sh\nexec /usr/bin/python3 "$@"\n' },
  };
  python = located(
    withPassword.url.replace("://", "://me:$PASSWORD@"),
    await publishCondaPackage(directory, made),
  );
  // A host has one credential, and another name of it another.
  tool = located(
    `${withToken.url.replace("127.0.0.1", "localhost")}/t/tk-s3cret`,
    await publishCondaPackage(directory, { name: "tool" }),
  );
});

afterAll(cleanUp);

const WHEEL = "https://me:s3cret-wheel@files.example/six-1.0-py3-none-any.whl";
const COMMIT = "0123456789012345678901234567890123456789";
const REPOSITORY = `git+https://s3cret-git@git.example/mine@${COMMIT}`;
const DIGEST = "a".repeat(64);

describe("credentials in a lock file", () => {
  it.each([
    ["conda-lock.yml", () => ({ "conda-lock.yml": condaLock() })],
    ["pixi.lock", () => ({ "pixi.toml": "", "pixi.lock": pixiLock() })],
  ])("open channels, and reach the image by nothing: %s", async (_file, files) => {
    const first = await build(files());

    expect(first.log).toContain("Done (");
    expect(first.log).not.toMatch(SECRET);
    const argv = await readFile(join(first.root, "argv"), "latin1");
    expect(argv).toContain("conda-engine");
    expect(argv).not.toMatch(SECRET);
    expect(await filesWith(first.layers, SECRET)).toEqual(["handover/requirements.json"]);
    const metadata = await readFile(join(first.layers, "lock.toml"), "utf8");
    expect(metadata).toContain("git+https://git.example/mine");
    expect(await linesForPip(first.layers)).toEqual([
      `mine @ git+https://s3cret-git:@git.example/mine@${COMMIT}`,
      `six @ ${WHEEL}#sha256=${DIGEST}`,
    ]);

    const again = await build(files(), first.layers);
    expect(again.log).toContain("Using cached lock of 2 packages\nReusing the environment");
    expect(await linesForPip(again.layers)).toEqual(await linesForPip(first.layers));
    expect(again.log).not.toMatch(SECRET);
  });

  it("open channels, and reach the image by nothing: an explicit file", async () => {
    const lines = [python, tool].map(({ url, sha256 }) => `${url}#${sha256}`);
    const text = ["@EXPLICIT", ...lines, ""].join("\n");
    const { log, layers } = await build({ "conda-linux-64.lock": text });

    expect(log).toContain("Done (");
    expect(log).not.toMatch(SECRET);
    expect(await filesWith(layers, SECRET)).toEqual([]);
  });

  it("are not told where the file can't be read", async () => {
    const broken = condaLock().replace("metadata:", "metadata: [");
    const { log, layers } = await build({ "conda-lock.yml": broken });

    expect(log).toContain("[Error: The lock file conda-lock.yml can't be read]");
    expect(log).not.toMatch(SECRET);
    expect(await filesWith(layers, SECRET)).toEqual([]);
  });
});

function condaLock(): string {
  const item = (name: string, { url, sha256 }: Located, manager = "conda") => [
    ...[`- name: ${name}`, "  version: '1.0'", `  manager: ${manager}`, "  platform: linux-64"],
    ...["  dependencies: {}", `  url: ${url}`, "  hash:", `    sha256: '${sha256}'`],
    ...["  category: main", "  optional: false"],
  ];
  return [
    ...["version: 1", "metadata:", "  platforms:", "  - linux-64", "package:"],
    ...[...item("python", python), ...item("tool", tool)],
    ...item("six", { url: WHEEL, sha256: DIGEST }, "pip"),
    ...[...item("mine", { url: REPOSITORY, sha256: COMMIT }, "pip"), ""],
  ].join("\n");
}

/** Which has no variables. */
function pixiLock(): string {
  const conda = [python, tool].map((one) => ({
    ...one,
    url: one.url.replace("$PASSWORD", "s3cret-password"),
  }));
  return [
    ...["version: 6", "environments:", "  default:", "    channels:", "    - url: conda-forge"],
    ...["    indexes:", "    - https://pypi.org/simple", "    packages:", "      linux-64:"],
    ...conda.map(({ url }) => `      - conda: ${url}`),
    ...[`      - pypi: ${WHEEL}`, `      - pypi: ${REPOSITORY}`, "packages:"],
    ...conda.flatMap(({ url, sha256 }) => [`- conda: ${url}`, `  sha256: ${sha256}`]),
    ...[`- pypi: ${WHEEL}`, "  name: six", "  version: '1.0'", `  sha256: ${DIGEST}`],
    ...[`- pypi: ${REPOSITORY}`, "  name: mine", "  version: '1.0'", ""],
  ].join("\n");
}

function located(channel: string, { subdir, file, record }: PublishedCondaPackage): Located {
  return { url: `${channel}/${subdir}/${file}`, sha256: record.sha256 };
}

interface Outcome {
  readonly root: string;
  readonly layers: string;
  readonly log: string;
}

/** Runs the buildpack as it is shipped; launch-only layers of the build before are known by name. */
async function build(
  files: { readonly [path: string]: string },
  before?: string,
): Promise<Outcome> {
  const root = await makeTemporaryFolder();
  const [app, layers] = [join(root, "app"), join(root, "layers")];
  await Promise.all([mkdir(app), mkdir(layers)]);
  await writeFiles(app, files);
  for (const name of ["lock.toml", "environment.toml"]) {
    if (before === undefined) break;
    const text = await readFile(join(before, name), "utf8");
    await writeFile(join(layers, name), text.replace(/^\[types\][^[]*/m, ""));
  }
  const log = await readAll(
    engine.cli,
    [
      ...["run", "--rm", "--network=host", `--volume=${root}:${root}`],
      `--user=${process.getuid?.() ?? 1000}:${process.getgid?.() ?? 1000}`,
      ...[`--volume=${app}:/workspace:ro`, `--volume=${layers}:/layers`],
      ...[`--volume=${join(ROOT, "buildpacks", "conda")}:/buildpack:ro`, "--workdir=/workspace"],
      ...Object.entries(ENV).map(([name, value]) => `--env=${name}=${value}`),
      ...[image, "bash", "-c", RUN, "bash", root],
    ],
    { env: engine.env },
  );
  return { root, layers, log };
}

const ENV = {
  CNB_LAYERS_DIR: "/layers",
  CNB_PLATFORM_DIR: "/platform",
  CNB_BUILDPACK_DIR: "/buildpack",
  CNB_BP_PLAN_PATH: "/dev/null",
  CNB_TARGET_OS: "linux",
  CNB_TARGET_ARCH: "amd64",
  CNB_TARGET_DISTRO_NAME: "debian",
  CNB_TARGET_DISTRO_VERSION: "13",
  PASSWORD: "s3cret-password",
};

/** Writes down how every program was started, too. */
const RUN = `while sleep 0.05; do cat /proc/[0-9]*/cmdline; done >>"$1/argv" 2>/dev/null &
watching=$!
/buildpack/bin/build 2>&1 || true
kill "$watching"
rm -rf /layers/conda-cache
`;

async function linesForPip(layers: string): Promise<readonly string[]> {
  const text = await readFile(join(layers, "handover", "requirements.json"), "utf8");
  const { lines } = JSON.parse(text) as { readonly lines: readonly { readonly text: string }[] };
  return lines.map((line) => line.text).sort();
}
