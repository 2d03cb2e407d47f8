import { join } from "node:path";
import * as z from "zod/mini";
import { type Accelerated, acceleratedSchema } from "../accelerator/accelerated.ts";
import { writeFileWhole } from "../cnb/files.ts";
import type { Log } from "../kit/log.ts";
import { counted } from "../kit/text.ts";
import { distributionSchema, type Lock } from "./lock.ts";
import { formatPylock, type PylockPackage } from "./uv/pylock.ts";

/** What is kept of a lock besides pylock.toml. */
export interface CachedLock {
  readonly lock: Lock;
  readonly accelerated: Accelerated;
}

export interface RecordableLock extends CachedLock {
  readonly packages: readonly PylockPackage[];
}

/** What the metadata of every lock's layer hold. */
export const lockRecordSchema = z.object({
  distributions: z.array(distributionSchema),
  accelerated: acceleratedSchema,
});

type LockRecord = z.infer<typeof lockRecordSchema>;

export function useRecorded({ distributions, accelerated }: LockRecord, log: Log): CachedLock {
  log.step(`Using cached lock of ${counted(distributions.length, "package")}`);
  return { lock: distributions, accelerated };
}

/**
 * Writes pylock.toml for people and scanners, which only tells; gives what the layer's metadata
 * have to hold, from which later buildpacks are given the lock.
 */
export async function recordLock(
  { lock, accelerated, packages }: RecordableLock,
  { path, python }: { readonly path: string; readonly python: string },
): Promise<LockRecord> {
  await writeFileWhole(join(path, "pylock.toml"), formatPylock(packages, python));
  return { distributions: [...lock], accelerated };
}
