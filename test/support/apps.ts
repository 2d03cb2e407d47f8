import { chmod, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { writeFiles } from "./phase.ts";
import { temporaryDirectory } from "./temporary.ts";

/** An app's folder with these files; gone when the test ends. */
export async function makeApp(files: { readonly [path: string]: string }): Promise<string> {
  const path = join(await temporaryDirectory(), "app");
  await mkdir(path);
  await writeFiles(path, files);
  return path;
}

/** What a checkout with another umask gives: no rights for anybody else. */
export async function restrictModes(root: string): Promise<void> {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o700 : 0o600);
  }
}
