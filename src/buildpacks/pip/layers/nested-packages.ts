import type { TomlTable } from "../../../cnb/toml.ts";
import type { Lock } from "../../../python/lock.ts";
import type { Asked } from "../asked.ts";
import { digestInLock, digestPaths } from "../local-digests.ts";
import { tableUnlessEmpty } from "./lock-facts.ts";

interface Place {
  readonly appDir: string;
  readonly asked: Asked;
}

/**
 * Local packages that other local packages depend on, by path. Only a resolution tells which those
 * are, so that they are compared for the lock that was found and kept for the one that is made.
 */
export async function digestNested(
  found: Readonly<Record<string, unknown>> | undefined,
  { appDir, asked }: Place,
): Promise<TomlTable | undefined> {
  if (!hasLocalPackages(asked)) return undefined;
  const paths = Object.keys(found?.["nested"] ?? {}).filter((path) => !(path in asked.local));
  return tableUnlessEmpty(await digestPaths(appDir, paths));
}

/** The same for a new lock. */
export async function nestedIn(
  lock: Lock,
  { appDir, asked }: Place,
): Promise<TomlTable | undefined> {
  if (!hasLocalPackages(asked)) return undefined;
  const digests = Object.entries(await digestInLock(appDir, lock));
  return tableUnlessEmpty(Object.fromEntries(digests.filter(([path]) => !(path in asked.local))));
}

function hasLocalPackages({ set }: Asked): boolean {
  return set.requirements.some(({ source }) => source.kind === "path");
}
