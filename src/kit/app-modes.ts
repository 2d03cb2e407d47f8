import type { Dirent } from "node:fs";
import { chmod, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "./log.ts";

/**
 * Gives the app's files the modes that git knows: 0644, or 0755 where the owner may execute. A
 * checkout's umask, or the setgid bit of a volume, would otherwise give the same commit another
 * image.
 */
export async function settleAppModes(appDir: string, log: Log): Promise<void> {
  try {
    await settleDirectory(appDir);
  } catch (error) {
    // The app's directory may be read-only, or another user's; the image is right all the same.
    log.debug(`The modes of the app's files stay as they are (${String(error)})`);
  }
}

async function settleDirectory(path: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true });
  await Promise.all(entries.map((entry) => settleEntry(join(path, entry.name), entry)));
}

async function settleEntry(path: string, entry: Dirent): Promise<void> {
  if (entry.isDirectory()) {
    await settleMode(path, () => 0o755);
    await settleDirectory(path);
  } else if (entry.isFile()) {
    await settleMode(path, (mode) => ((mode & 0o100) === 0 ? 0o644 : 0o755));
  }
}

async function settleMode(path: string, settled: (mode: number) => number): Promise<void> {
  const mode = (await stat(path)).mode & 0o7777;
  if (mode !== settled(mode)) await chmod(path, settled(mode));
}
