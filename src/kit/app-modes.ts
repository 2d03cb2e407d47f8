import { chmod, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "./log.ts";

/**
 * Gives the app's files the modes that git knows: 0644, or 0755 where the owner may execute. A
 * checkout's umask, or the setgid bit of a volume, would otherwise give the same commit another
 * image. Others may read them all: whoever has the image can, and the app may run as any user.
 * What is mounted into the app's directory is left alone: those files are somebody's on the host.
 */
export async function settleAppModes(appDir: string, log: Log): Promise<void> {
  try {
    await settleDirectory(appDir, (await stat(appDir)).dev);
  } catch (error) {
    // The app's directory may be read-only, or another user's; the image is right all the same.
    log.debug(`The modes of the app's files stay as they are (${String(error)})`);
  }
}

async function settleDirectory(path: string, device: number): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true });
  await Promise.all(
    entries
      .filter((entry) => entry.isDirectory() || entry.isFile())
      .map((entry) => settleEntry(join(path, entry.name), device)),
  );
}

async function settleEntry(path: string, device: number): Promise<void> {
  const stats = await stat(path);
  if (stats.dev !== device) return;
  const mode = stats.mode & 0o7777;
  const settled = stats.isDirectory() || (mode & 0o100) !== 0 ? 0o755 : 0o644;
  if (mode !== settled) await chmod(path, settled);
  if (stats.isDirectory()) await settleDirectory(path, device);
}
