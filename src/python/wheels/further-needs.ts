import { buildNeeds } from "../../accelerator/build-needs.ts";
import { readHardware } from "../../accelerator/handover.ts";
import { TORCH_FAMILY } from "../../accelerator/torch.ts";
import type { Env } from "../../cnb/env.ts";
import type { Lock, LockFile } from "../lock.ts";
import { isSource } from "./source.ts";

/** What a package is built with besides what its own build asks for. */
export interface FurtherNeeds {
  /** Requirements that its build has and does not name. */
  readonly requires: readonly string[];
  /** The CUDA version whose compiler has to be there: "12.8"; absent for most. */
  readonly toolkit?: string;
  /** Compute capabilities to compile for: "8.9"; empty for the usual ones. */
  readonly capabilities: readonly string[];
  /** What makes its build compile for GPUs where there is none. */
  readonly environment: Env;
}

type Chosen = Pick<LockFile, "distributions" | "accelerated">;

export function furtherNeeds(
  name: string,
  env: Env,
  { accelerated }: Omit<Chosen, "distributions">,
): FurtherNeeds {
  const { toolkit, gpus } = readHardware(env);
  const cuda = accelerated?.cuda;
  const known = buildNeeds(name);
  const isCompiled = cuda !== undefined && (known?.nvcc === true || toolkit !== undefined);
  return {
    requires: known?.requires ?? [],
    ...(isCompiled ? { toolkit: cuda } : {}),
    capabilities: isCompiled ? [...new Set(gpus.map(({ capability }) => capability))].sort() : [],
    environment: isCompiled ? (known?.environment ?? {}) : {},
  };
}

/**
 * Names of what is compiled against torch or with CUDA's compiler: each has a layer of its own,
 * since it takes long.
 */
export function namesOfAcceleratedBuilds(env: Env, lockFile: Chosen): ReadonlySet<string> {
  const names = lockFile.distributions.filter(isSource).map(({ name }) => name);
  return new Set(
    names.filter((name) => {
      const { requires, toolkit } = furtherNeeds(name, env, lockFile);
      return toolkit !== undefined || requires.some((one) => TORCH_FAMILY.has(one));
    }),
  );
}

/**
 * What the bytes of builds depend on, see `readBuiltAgainst`. Which builds use torch is known only
 * when they run; since it has no stable binary interface, all of them are made anew for another.
 */
export function acceleratedFacts(env: Env, lockFile: Chosen): readonly string[] {
  const compiled = [...namesOfAcceleratedBuilds(env, lockFile)].flatMap((name) => {
    const { toolkit, capabilities } = furtherNeeds(name, env, lockFile);
    return [
      ...(toolkit === undefined ? [] : [`${name}:cuda=${toolkit}`]),
      ...(capabilities.length === 0 ? [] : [`${name}:capabilities=${capabilities.join(",")}`]),
    ];
  });
  const torch = torchPins(lockFile.distributions.filter(({ name }) => name === "torch"));
  return [...torch.map((pin) => pin.replace("==", "=")), ...compiled];
}

/** torch and its companions as the lock has them: "torch==2.11.0+cu128". */
export function torchPins(lock: Lock): readonly string[] {
  return lock.flatMap(({ name, version }) =>
    TORCH_FAMILY.has(name) && version !== undefined ? [`${name}==${version}`] : [],
  );
}
