import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Env, readVariable } from "../../cnb/env.ts";
import { makeDirectory } from "../../cnb/files.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { compilerEnv } from "../../kit/tool-env.ts";
import { gitEnv, makeHome } from "../git-env.ts";
import type { Interpreter } from "../interpreter.ts";
import { pickBuildVariables } from "./built-against.ts";
import { wrapCompilers } from "./compilers.ts";
import { chooseJobs } from "./jobs.ts";
import type { Source } from "./source.ts";

/**
 * Where one source is built. The path is the same at every build, since paths end up in what is
 * built: compilers put them into debug information and `__FILE__`, CMake and Meson into more.
 */
export interface Workplace {
  /** Holds the directories below; the root for programs that are not to see the source. */
  readonly root: string;
  readonly source: string;
  /** The virtual environment with what the build itself requires. */
  readonly environment: string;
  readonly wheels: string;
  /** The whole environment of the source's own code, which is given no credentials. */
  readonly env: Env;
  /** That of the programs that download something for it, with the credentials. */
  readonly downloadEnv: Env;
}

export interface WorkplaceOptions {
  readonly context: Pick<BuildContext, "layersDir" | "env" | "settings">;
  readonly interpreter: Interpreter;
  readonly uvCache: string;
  readonly netrc?: string | undefined;
}

export async function createWorkplace(
  { name }: Pick<Source, "name">,
  options: WorkplaceOptions,
): Promise<Workplace> {
  // Without a layer TOML it is neither exported nor kept.
  const root = join(options.context.layersDir, "wheel-builds", name);
  await rm(root, { recursive: true, force: true });
  for (const directory of ["tmp", "wheels"]) await makeDirectory(join(root, directory));
  const home = join(root, "home");
  await makeHome(home, undefined);
  const downloadHome = join(root, "download-home");
  await makeHome(downloadHome, options.netrc);
  const env = await buildEnv(root, home, options);
  return {
    root,
    source: join(root, "source"),
    environment: join(root, "environment"),
    wheels: join(root, "wheels"),
    env,
    downloadEnv: { ...env, HOME: downloadHome, NETRC: options.netrc },
  };
}

async function buildEnv(
  root: string,
  home: string,
  { context, uvCache }: WorkplaceOptions,
): Promise<Env> {
  const compilers = join(root, "compilers");
  const path = readVariable(context.env, "PATH") ?? "/usr/local/bin:/usr/bin:/bin";
  await wrapCompilers(compilers, path, root);
  return compilerEnv(context.env, {
    PATH: `${compilers}:${path}`,
    ...pickBuildVariables(context.env),
    TMPDIR: join(root, "tmp"),
    UV_CACHE_DIR: uvCache,
    UV_LINK_MODE: "hardlink",
    UV_PYTHON_DOWNLOADS: "never",
    ...gitEnv(context.env, home),

    // See https://reproducible-builds.org/docs/source-date-epoch/. The time that the lifecycle gives
    // to files, since zip has none before 1980.
    SOURCE_DATE_EPOCH: String(SOURCE_DATE),
    PYTHONHASHSEED: "0",
    LC_ALL: "C.UTF-8",
    TZ: "UTC",

    ...(await jobsEnv(context.settings)),
  });
}

/** How many compilers run at once; `memoryAJob` in bytes. */
export async function jobsEnv(
  settings: BuildContext["settings"],
  memoryAJob?: number,
): Promise<Env> {
  const asked = settings.get("BP_BUILD_SYSTEM_JOBS");
  const jobs = Math.max(1, asked ?? (await chooseJobs(memoryAJob)));
  return {
    MAX_JOBS: String(jobs),
    CMAKE_BUILD_PARALLEL_LEVEL: String(jobs),
    MAKEFLAGS: `-j${jobs}`,
    CARGO_BUILD_JOBS: String(jobs),
  };
}

/** Seconds since 1970: 1980-01-01T00:00:01Z. */
export const SOURCE_DATE = 315_532_801;
