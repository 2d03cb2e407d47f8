import { readFile } from "node:fs/promises";
import * as z from "zod/mini";
import { type Env, readVariable } from "../../cnb/env.ts";
import { sha256 } from "../../kit/hash.ts";
import { HANDOVER } from "../handover.ts";
import { normalizeName } from "../lock.ts";

/** The distributions that the interpreter has by itself, as conda's packages bring them. */
export interface Provided {
  /** Whose packages they are, as the log says it: "conda". */
  readonly provider: string;
  /** Versions by normalised names. */
  readonly packages: ReadonlyMap<string, string>;
  /** Of the CUDA libraries that come with them: "12.8"; undefined where none do. */
  readonly cuda: string | undefined;
}

/** The file between the two buildpacks. */
export const providedSchema = z.object({
  provider: z.string(),
  packages: z.record(z.string(), z.string()),
  cuda: z.optional(z.string()),
});

/** Undefined where the interpreter brings none. */
export async function readProvided(env: Env): Promise<Provided | undefined> {
  const path = readVariable(env, HANDOVER.providedPackages);
  if (path === undefined) return undefined;
  const { provider, packages, cuda } = providedSchema.parse(
    JSON.parse(await readFile(path, "utf8")),
  );
  const entries = Object.entries(packages).map(
    ([name, one]) => [normalizeName(name), one] as const,
  );
  return { provider, packages: new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1))), cuda };
}

/** Changes with any of the packages. */
export function digestOfProvided({ packages }: Provided): string {
  return sha256([...packages].map(([name, version]) => `${name}=${version}\n`).join(""));
}
