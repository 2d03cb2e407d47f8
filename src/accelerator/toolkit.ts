import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { type Env, readVariable } from "../cnb/env.ts";
import { exists } from "../cnb/files.ts";
import { capture, CommandError } from "../kit/command.ts";
import type { Log } from "../kit/log.ts";
import { recreate } from "../kit/recreate.ts";
import { text } from "../kit/text.ts";
import { toolEnv } from "../kit/tool-env.ts";
import { HANDOVER } from "./handover.ts";
import { failure } from "./toolkit-failures.ts";
import { toolkitRelease } from "./toolkit-releases.ts";

/** CUDA's compiler, headers and libraries to link with. */
export interface Toolkit {
  /** "13.0" */
  readonly cuda: string;
  /** Version of nvcc: "13.0.88". */
  readonly nvcc: string;
  /** Goes to the front of PATH. */
  readonly bin: string;
  /** For whatever compiles with it; LIBRARY_PATH holds what the environment had before. */
  readonly variables: Env;
}

/**
 * Makes sure that CUDA's compiler is there, which only what really compiles needs, after
 * `ensureDevelopment`: an older g++ may come from there. Undefined where the hardware has no CUDA.
 * Throws a failure where it can't be made.
 */
export async function ensureToolkit(env: Env, log: Log): Promise<Toolkit | undefined> {
  const directory = readVariable(env, HANDOVER.toolkit);
  const command = readVariable(env, HANDOVER.recreateToolkit);
  if (directory === undefined || command === undefined) return undefined;
  if (!(await exists(directory))) {
    const absent = {
      command,
      what: "CUDA's compiler",
      title: "CUDA's compiler could not be installed",
      reason: text`
        Packages that are built from source for GPUs need it. It is not in the image, and not kept
        between builds.
      `,
    };
    await recreate(absent, env, log);
  }
  return await describe(directory, env, log);
}

/**
 * The toolkit's version as far as it is known without the toolkit itself, for what packages are built
 * against: "13.0.3" for CUDA "13.0", which itself stands for one that is newer than the table.
 */
export function toolkitFact(cuda: string): string {
  return toolkitRelease(cuda) ?? cuda;
}

/** In the toolkit's directory: what it is. */
export const TOOLKIT_FILE = "toolkit.json";

const toolkitSchema = z.object({ cuda: z.string(), nvcc: z.string() });

async function describe(directory: string, env: Env, log: Log): Promise<Toolkit> {
  const file = await readFile(join(directory, TOOLKIT_FILE), "utf8");
  const { cuda, nvcc } = toolkitSchema.parse(JSON.parse(file));
  const { flags, variables } = await fitCompiler(directory, cuda, env, log);
  const before = (name: string) => {
    const value = readVariable(env, name);
    return value === undefined ? [] : [value];
  };
  const stubs = join(directory, "lib64", "stubs");
  return {
    cuda,
    nvcc,
    bin: join(directory, "bin"),
    variables: {
      CUDA_HOME: directory,
      CUDA_PATH: directory,
      LIBRARY_PATH: [...before("LIBRARY_PATH"), stubs].join(":"),
      // Its drafts would have names of the process's number, which end up in the object files.
      // https://docs.nvidia.com/cuda/cuda-compiler-driver-nvcc/#objdir-as-tempdir-objtemp
      NVCC_PREPEND_FLAGS: ["-objtemp", ...flags, ...before("NVCC_PREPEND_FLAGS")].join(" "),
      ...variables,
    },
  };
}

/** So many versions of GCC before the newest that nvcc takes are looked for. */
const OLDER_COMPILERS = 4;

/**
 * nvcc can't read the C++ library of a g++ that is newer than those it knows: with
 * -allow-unsupported-compiler, too, CUDA 12.4 fails at the first header of GCC 14. Debian's older
 * ones, which an app gets by naming them in apt.txt, are taken in its place.
 */
async function fitCompiler(
  directory: string,
  cuda: string,
  env: Env,
  log: Log,
): Promise<{ readonly flags: readonly string[]; readonly variables: Env }> {
  const newest = await readNewestCompiler(directory);
  const found = await findCompilerVersion(env);
  const isChosen = ["CC", "CXX", "NVCC_CCBIN"].some((name) => readVariable(env, name));
  if (isChosen || newest === undefined || found === undefined || found <= newest) {
    return { flags: [], variables: {} };
  }
  const names = await programsOn(readVariable(env, "PATH") ?? "");
  const older = Array.from({ length: OLDER_COMPILERS }, (_, index) => newest - index).find(
    (version) => names.has(`g++-${version}`) && names.has(`gcc-${version}`),
  );
  if (older === undefined) throw failure("compiler-too-new", { cuda, newest, found });
  log.step(`Using g++-${older} for CUDA ${cuda}, which knows none that is newer than ${newest}`);
  const [CC, CXX] = [`gcc-${older}`, `g++-${older}`];
  // NVCC_CCBIN would be the variable for it, but CUDA 12.4 does not read it.
  return { flags: ["-ccbin", CXX], variables: { CC, CXX } };
}

/** nvcc's own limit: "#if __GNUC__ > 14". */
async function readNewestCompiler(directory: string): Promise<number | undefined> {
  const header = join(directory, "include", "crt", "host_config.h");
  const source = await readFile(header, "utf8").catch(() => "");
  const [, newest] = /__GNUC__ > (\d+)/.exec(source) ?? [];
  return newest === undefined ? undefined : Number(newest);
}

async function findCompilerVersion(env: Env): Promise<number | undefined> {
  try {
    const { stdout } = await capture("g++", ["-dumpversion"], { env: toolEnv(env) });
    return Number.parseInt(stdout, 10);
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}

async function programsOn(path: string): Promise<ReadonlySet<string>> {
  const directories = path.split(":").filter((entry) => entry.startsWith("/"));
  const names = await Promise.all(directories.map((one) => readdir(one).catch(() => [])));
  return new Set(names.flat());
}
