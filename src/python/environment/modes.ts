import { chmodSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Gives every file mode 0644 or, where it can be executed, 0755, and every directory 0755: what
 * umask, setgid volumes and wheels bring would differ between machines. Synchronous, since a
 * promise for each of 50,000 files takes seconds.
 */
export function settleModes(path: string): void {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return;
  const mode = stats.isDirectory() || (stats.mode & 0o100) !== 0 ? 0o755 : 0o644;
  if ((stats.mode & 0o7777) !== mode) chmodSync(path, mode);
  if (!stats.isDirectory()) return;
  for (const name of readdirSync(path)) settleModes(join(path, name));
}
