import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanUpLater } from "./cleanup.ts";

/** A new folder that is gone when the command ends. */
export async function makeTemporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "ml-buildpacks-"));
  // Containers that are given it run as another user.
  await chmod(path, 0o755);
  cleanUpLater(path, () => rm(path, { recursive: true, force: true }));
  return path;
}
