import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A directory that is gone when the test ends, also when it fails. */
export async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "ml-buildpacks-test-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}
