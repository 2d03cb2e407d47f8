import { readFile } from "node:fs/promises";
import { type Env, readVariable } from "../../cnb/env.ts";
import type { Installed } from "../../process/servers.ts";
import { HANDOVER } from "../../python/handover.ts";
import { lockFileSchema, normalizeName } from "../../python/lock.ts";

export interface Packages {
  readonly installed: Installed;
  /** The app is a package that is installed with the others. */
  readonly includesApp: boolean;
}

/**
 * The app's packages, from the lock: the layers that hold them may be taken from the previous
 * image without their contents. None where the app has no Python packages.
 */
export async function readPackages(env: Env): Promise<Packages> {
  const path = readVariable(env, HANDOVER.lock);
  if (path === undefined) return { installed: new Map(), includesApp: false };
  const { distributions } = lockFileSchema.parse(JSON.parse(await readFile(path, "utf8")));
  return {
    installed: new Map(distributions.map(({ name, version }) => [normalizeName(name), version])),
    includesApp: distributions.some((entry) => entry.from === "directory" && entry.path === "."),
  };
}
