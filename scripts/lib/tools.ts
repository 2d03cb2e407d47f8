import { mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { readIfPossible } from "./command.ts";
import type { Engine } from "./engine.ts";
import { buildTool, readGoModule, requiredVersion } from "./go.ts";
import { ARCHIVE_LAYOUT, writeLifecycleArchive } from "./lifecycle-archive.ts";
import { log } from "./log.ts";
import { TOOLS, TOOLS_BIN } from "./paths.ts";
import { findOnPath } from "./programs.ts";
import { inputsDigest, isStamped, stamp } from "./stamp.ts";
import { isAtLeast } from "./version.ts";

/** Cloud Native Buildpacks' own programs, ready to run. */
export interface Tools {
  readonly pack: string;
  readonly lifecycle: string;
  readonly launcher: string;
  /** What builder.toml names as `[lifecycle] uri`. */
  readonly lifecycleArchive: string;
}

/** Builds what is missing or out of date. */
export async function prepareTools(engine: Engine): Promise<Tools> {
  await mkdir(TOOLS_BIN, { recursive: true });
  await Promise.all([preparePack(), prepareLifecycle(engine.arch)]);
  return TOOL_PATHS;
}

const TOOL_PATHS: Tools = {
  pack: join(TOOLS_BIN, "pack"),
  lifecycle: join(TOOLS_BIN, "lifecycle"),
  launcher: join(TOOLS_BIN, "launcher"),
  lifecycleArchive: join(TOOLS, "lifecycle.tgz"),
};

// Older ones can't talk to engines of API 1.41, which are Docker 20.10 and Podman:
// https://github.com/buildpacks/lifecycle/issues/1607
const OLDEST_PACK = "0.40.3";

async function preparePack(): Promise<void> {
  const installed = await findInstalledPack();
  if (installed !== undefined) return await linkPack(installed.path, installed.version);

  const module = await readGoModule("pack");
  const version = requiredVersion(module, "github.com/buildpacks/pack");
  await buildTool(module, {
    title: `pack ${version}`,
    programs: ["github.com/buildpacks/pack"],
    set: { "github.com/buildpacks/pack/pkg/client.Version": version },
  });
}

async function findInstalledPack() {
  for (const path of findOnPath("pack")) {
    if (path === TOOL_PATHS.pack) continue;
    // Something else may be called pack, too.
    const version = /^\d+\.\d+\.\d+/.exec((await readIfPossible(path, ["version"])) ?? "")?.[0];
    if (version !== undefined && isAtLeast(version, OLDEST_PACK)) return { path, version };
  }
  return undefined;
}

async function linkPack(path: string, version: string): Promise<void> {
  const stampFile = join(TOOLS, "pack.stamp");
  const inputs = inputsDigest({ path, version });
  if (await isStamped(stampFile, inputs)) return;
  log.step(`Using pack ${version} (from ${path})`);
  await rm(TOOL_PATHS.pack, { force: true });
  await symlink(path, TOOL_PATHS.pack);
  await stamp(stampFile, inputs);
}

async function prepareLifecycle(arch: string): Promise<void> {
  const module = await readGoModule("lifecycle");
  const version = requiredVersion(module, "github.com/buildpacks/lifecycle");
  await buildTool(module, {
    title: `lifecycle ${version}`,
    programs: ["lifecycle", "launcher"].map(
      (program) => `github.com/buildpacks/lifecycle/cmd/${program}`,
    ),
    inputs: { arch, layout: ARCHIVE_LAYOUT },
    set: { "github.com/buildpacks/lifecycle/cmd.Version": version },
    // It runs inside the engine's containers.
    env: { GOOS: "linux", GOARCH: arch },
    finish: async () => await writeLifecycleArchive(TOOL_PATHS, version),
  });
}
