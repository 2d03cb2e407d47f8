import { join } from "node:path";
import type { Env } from "./env.ts";
import { writeFileWhole } from "./files.ts";
import { RuleViolation } from "./rule.ts";

/**
 * One modification of an environment variable.
 * Specification: "Environment Variable Modification Rules".
 */
export type EnvChange =
  | { readonly kind: "override" | "default"; readonly value: string }
  | { readonly kind: "prepend" | "append"; readonly value: string; readonly delimiter: string };

export type EnvChanges = { readonly [name: string]: EnvChange };

/** What a layer does to the environment, by the phase in which it does it. */
export interface EnvDelta {
  /** At build, for later buildpacks, and at launch. */
  readonly all?: EnvChanges;
  readonly build?: EnvChanges;
  readonly launch?: EnvChanges;
  /** At launch, for one process type. */
  readonly process?: { readonly [type: string]: EnvChanges };
}

export function override(value: string): EnvChange {
  return { kind: "override", value };
}

export function defaultTo(value: string): EnvChange {
  return { kind: "default", value };
}

export function prepend(value: string, delimiter: string): EnvChange {
  return { kind: "prepend", value, delimiter };
}

export function append(value: string, delimiter: string): EnvChange {
  return { kind: "append", value, delimiter };
}

/** The environment that a later buildpack (`build`) or the app (`launch`) will see. */
export function applyDelta(env: Env, delta: EnvDelta, phase: "build" | "launch"): Env {
  return [delta.all, delta[phase]].reduce<Env>(
    (result, changes) => (changes === undefined ? result : applyChanges(result, changes)),
    env,
  );
}

/** Writes the `env`, `env.build` and `env.launch` directories of a layer. */
export async function writeDelta(layerPath: string, delta: EnvDelta): Promise<void> {
  await writeChanges(join(layerPath, "env"), delta.all);
  await writeChanges(join(layerPath, "env.build"), delta.build);
  await writeChanges(join(layerPath, "env.launch"), delta.launch);
  for (const [type, changes] of Object.entries(delta.process ?? {})) {
    await writeChanges(join(layerPath, "env.launch", type), changes);
  }
}

function applyChanges(env: Env, changes: EnvChanges): Env {
  const result: Record<string, string | undefined> = { ...env };
  for (const [name, change] of Object.entries(changes)) {
    result[name] = applyChange(result[name], change);
  }
  return result;
}

function applyChange(current: string | undefined, change: EnvChange): string {
  switch (change.kind) {
    case "override":
      return change.value;
    case "default":
      return current === undefined ? change.value : current;
    case "prepend":
      return current === undefined || current === ""
        ? change.value
        : change.value + change.delimiter + current;
    case "append":
      return current === undefined || current === ""
        ? change.value
        : current + change.delimiter + change.value;
  }
}

async function writeChanges(directory: string, changes: EnvChanges | undefined): Promise<void> {
  for (const [name, change] of Object.entries(changes ?? {})) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new RuleViolation("environment-name", name);
    // The whole file is the value: a trailing newline would become part of it.
    await writeFileWhole(join(directory, `${name}.${change.kind}`), change.value);
    if (change.kind === "prepend" || change.kind === "append") {
      await writeFileWhole(join(directory, `${name}.delim`), change.delimiter);
    }
  }
}
