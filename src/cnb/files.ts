import { constants } from "node:fs";
import { access, chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

export async function exists(path: string): Promise<boolean> {
  try {
    await access(path, constants.F_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Writes a file so that a reader sees all of it or none, also when the process is
 * killed in between. `mode` holds whatever the umask is, since equal input must give
 * equal layers.
 */
export async function writeFileWhole(
  path: string,
  text: string | Uint8Array,
  mode = 0o644,
): Promise<void> {
  const draft = `${path}.draft`;
  await makeDirectory(dirname(path));
  await rm(draft, { force: true });
  await writeFile(draft, text);
  await chmod(draft, mode);
  await rename(draft, path);
}

/** Makes a directory and its parents with mode 0755, whatever the umask. */
export async function makeDirectory(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true });
  if (made === undefined) return;
  for (let current = path; current.length >= made.length; current = dirname(current)) {
    // setgid is inherited from volumes that platforms mount with an fsGroup.
    await chmod(current, 0o755);
  }
}
