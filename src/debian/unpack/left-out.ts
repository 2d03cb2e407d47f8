import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Removes from an unpacked package what images for containers leave out, ours and Debian's slim
 * ones: no program needs manuals and translations. Copyright files stay, as their licences ask for.
 * https://github.com/debuerreotype/debuerreotype/blob/master/scripts/debuerreotype-slimify
 */
export async function removeLeftOut(files: string): Promise<void> {
  for (const directory of ["info", "lintian", "locale", "man"]) {
    await rm(join(files, "usr/share", directory), { recursive: true, force: true });
  }
  const documents = join(files, "usr/share/doc");
  const packages = await readdir(documents, { withFileTypes: true }).catch(() => []);
  for (const directory of packages.filter((entry) => entry.isDirectory())) {
    const path = join(documents, directory.name);
    for (const name of await readdir(path)) {
      if (name !== "copyright") await rm(join(path, name), { recursive: true, force: true });
    }
  }
}
