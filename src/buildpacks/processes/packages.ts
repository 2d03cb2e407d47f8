import { readFile } from "node:fs/promises";
import { type Env, readVariable } from "../../cnb/env.ts";
import type { Installed } from "../../process/servers.ts";
import { HANDOVER } from "../../python/handover.ts";
import { readHandedRequirements } from "../../python/provided/handed-requirements.ts";
import { readProvided } from "../../python/provided/provided.ts";
import { lockFileSchema, normalizeName } from "../../python/lock.ts";

export interface Packages {
  readonly installed: Installed;
  /** The app is a package that is installed with the others. */
  readonly includesApp: boolean;
  /** The file of another package manager that says what is installed; undefined with pip's own. */
  readonly file: string | undefined;
  readonly hasPython: boolean;
}

/**
 * The app's packages, from the lock and from what the interpreter has by itself: the layers that hold them may be taken from the previous
 * image without their contents. None where the app has no Python packages.
 */
export async function readPackages(env: Env): Promise<Packages> {
  const provided = (await readProvided(env))?.packages ?? new Map<string, string>();
  const path = readVariable(env, HANDOVER.lock);
  const place = {
    file: (await readHandedRequirements(env))?.file,
    hasPython: readVariable(env, HANDOVER.python) !== undefined,
  };
  if (path === undefined) return { installed: provided, includesApp: false, ...place };
  const { distributions } = lockFileSchema.parse(JSON.parse(await readFile(path, "utf8")));
  return {
    // A package of both is seen as the lock has it.
    installed: new Map([
      ...provided,
      ...distributions.map(({ name, version }) => [normalizeName(name), version] as const),
    ]),
    includesApp: distributions.some((entry) => entry.from === "directory" && entry.path === "."),
    ...place,
  };
}
