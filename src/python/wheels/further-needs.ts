import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { archVariables, buildNeeds } from "../../accelerator/build-needs.ts";
import { usualCapabilities } from "../../accelerator/capabilities.ts";
import { cudaLibrariesIn } from "../../accelerator/cuda-libraries.ts";
import { readHardware } from "../../accelerator/handover.ts";
import { toolkitFact } from "../../accelerator/toolkit.ts";
import { TORCH_FAMILY } from "../../accelerator/torch.ts";
import { compareVersions } from "../../accelerator/versions.ts";
import type { Env } from "../../cnb/env.ts";
import { sha256 } from "../../kit/hash.ts";
import type { Lock, LockFile } from "../lock.ts";
import { isSource } from "./source.ts";

/** What a package is built with besides what its own build asks for. */
export interface FurtherNeeds {
  /** Requirements that its build has and does not name. */
  readonly requires: readonly string[];
  readonly compiler: CompilerNeeds | undefined;
}

/** CUDA's compiler, for a package that has something to compile with it. */
export interface CompilerNeeds {
  /** "12.8" */
  readonly cuda: string;
  /** "always", or only where the source mentions CUDA. */
  readonly when: "always" | "mentioned";
  /** Compute capabilities to compile for, oldest first: "8.9". */
  readonly capabilities: readonly string[];
  /** Whether the app names them. */
  readonly isChosen: boolean;
  /** What makes its build compile for GPUs where there is none. */
  readonly environment: Env;
  /** Bytes that one of its jobs takes, where that is known. */
  readonly memory: number | undefined;
}

type Chosen = Pick<LockFile, "distributions" | "accelerated">;

export function furtherNeeds(
  name: string,
  env: Env,
  { accelerated }: Pick<Chosen, "accelerated">,
): FurtherNeeds {
  const known = buildNeeds(name);
  const requires = known?.requires ?? [];
  const { toolkit, gpus } = readHardware(env);
  const cuda = accelerated?.cuda;
  if (cuda === undefined || (known?.nvcc !== true && toolkit === undefined))
    return { requires, compiler: undefined };
  const chosen = new Set(gpus.map(({ capability }) => capability));
  const capabilities = chosen.size > 0 ? [...chosen] : usualCapabilities(cuda);
  const sorted = [...capabilities].sort(compareVersions);
  const { memory, environment = {} } = known ?? {};
  return {
    requires,
    compiler: {
      cuda,
      when: known?.nvcc === true ? "always" : "mentioned",
      capabilities: sorted,
      isChosen: chosen.size > 0,
      environment: {
        ...environment,
        ...archVariables(name, sorted),
      },
      memory: memory === undefined ? undefined : memory * 1e9,
    },
  };
}

/** Whether a source has something for CUDA's compiler. */
export async function mentionsCuda(project: string): Promise<boolean> {
  const files = await readdir(project, { recursive: true });
  if (files.some((file) => /\.cuh?$/.test(file))) return true;
  const texts = ["setup.py", "pyproject.toml", "CMakeLists.txt", "meson.build"].map(
    async (file) => await readFile(join(project, file), "utf8").catch(() => ""),
  );
  return (await Promise.all(texts)).some((text) => /cuda|nvcc/i.test(text));
}

/**
 * What the bytes of builds depend on, see `readBuiltAgainst`. Which builds use torch is known only
 * when they run; since it has no stable binary interface, all of them are made anew for another.
 */
export function acceleratedFacts(env: Env, lockFile: Chosen): readonly string[] {
  const { distributions } = lockFile;
  const ofCuda = new Set(cudaLibrariesIn(distributions.map(({ name }) => name)));
  const libraries = distributions.filter(({ name }) => ofCuda.has(name));
  const torch = distributions.find(({ name }) => name === "torch");
  const sources = distributions.filter(isSource).flatMap(({ name }) => {
    const { requires, compiler } = furtherNeeds(name, env, lockFile);
    if (compiler === undefined) return [];
    const { cuda, capabilities, environment } = compiler;
    return [
      `${name}:cuda=${toolkitFact(cuda)}`,
      `${name}:capabilities=${capabilities.join(",")}`,
      `${name}:libraries=${digest(libraries)}`,
      `${name}:with=${digest([requires, environment])}`,
    ];
  });
  return [...(torch === undefined ? [] : [`torch=${torch.version} ${digest(torch)}`]), ...sources];
}

/** torch and its companions as the lock has them: "torch==2.11.0+cu128". */
export function torchPins(lock: Lock): readonly string[] {
  return lock.flatMap(({ name, version }) =>
    TORCH_FAMILY.has(name) && version !== undefined ? [`${name}==${version}`] : [],
  );
}

function digest(value: unknown): string {
  return sha256(JSON.stringify(value)).slice(0, 12);
}
