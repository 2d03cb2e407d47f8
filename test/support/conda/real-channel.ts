import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { read } from "../../../scripts/lib/command.ts";
import { askEngine, type Engine, findEngine } from "../../../scripts/lib/engine.ts";
import { CACHE, ROOT } from "../../../scripts/lib/paths.ts";
import { prepareStack } from "../../../scripts/lib/stack.ts";
import { makeTemporaryFolder } from "../../../scripts/lib/temporary-folder.ts";
import { sha256, sha256OfTree } from "../../../src/kit/hash.ts";
import { makeChannel, PLACEHOLDER } from "../../../scripts/lib/conda/channel.ts";
import debianPython from "../../../scripts/lib/conda/debian-python.sh";
import { condaSubdir } from "../../../scripts/lib/conda/python-package.ts";
import { makeMirror } from "../python-mirror.ts";
import makePackages from "./make-real-packages.sh";
import { realPackages } from "./real-packages.ts";

/**
 * The directory of a channel with real programs for the engine's architecture, which tests only
 * read. It takes half a minute to make, and is kept for as long as nothing changes that it is made of.
 */
export async function realChannel(): Promise<string> {
  const engine = await findEngine();
  const { build } = await prepareStack(engine, "cpu");
  const channel = join(CHANNELS, await digestOfInputs(engine, build));
  if (existsSync(channel)) return channel;

  const made = await makeChannel(realPackages(await makeTrees(engine, build), condaSubdir(engine)));
  await mkdir(CHANNELS, { recursive: true });
  const outdated = await readdir(CHANNELS);
  // A temporary folder may be on another file system.
  const partial = `${channel}.${process.pid}`;
  await read("cp", ["-r", made, partial]);
  await rename(partial, channel);
  for (const name of outdated) await rm(join(CHANNELS, name), { recursive: true, force: true });
  return channel;
}

const CHANNELS = join(CACHE, "conda-channel");

async function digestOfInputs(engine: Engine, image: string): Promise<string> {
  const support = join(ROOT, "test/support");
  const inputs = [
    await askEngine(engine, ["image", "inspect", "--format={{.Id}}", image]),
    await sha256OfTree(join(support, "conda")),
    await sha256OfTree(join(ROOT, "scripts/lib/conda")),
    await readFile(join(support, "make-python-release.sh"), "utf8"),
  ];
  return sha256(JSON.stringify(inputs)).slice(0, 16);
}

async function makeTrees(engine: Engine, image: string): Promise<string> {
  const mirror = await makeMirror();
  const folder = await makeTemporaryFolder();
  await chmod(folder, 0o777);
  await askEngine(
    engine,
    [
      ...["run", "--rm", "--interactive", "--network=none", `--env=PLACEHOLDER=${PLACEHOLDER}`],
      ...["--volume", `${mirror.path}:/mirror:ro`, "--volume", `${folder}:/out`, image, "sh"],
    ],
    { input: `${debianPython}${makePackages}` },
  );
  const trees = join(folder, "trees");
  await mkdir(trees);
  await read("tar", ["--no-same-owner", "-C", trees, "-xf", join(folder, "trees.tar")]);
  return trees;
}
