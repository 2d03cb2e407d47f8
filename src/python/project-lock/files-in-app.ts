import { isAbsolute, join, relative, resolve } from "node:path";
import { exists } from "../../cnb/files.ts";
import { sha256OfFile } from "../../kit/hash.ts";

/** Of paths that a project or lock names those of what lies in the app, relative to it, each once. */
export async function filesInApp(
  appDir: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  const inside = paths
    .map((path) => relative(appDir, resolve(appDir, path)))
    .filter((path) => path !== ".." && !path.startsWith("../") && !isAbsolute(path));
  const found: string[] = [];
  for (const path of new Set(inside)) {
    if (await exists(join(appDir, path))) found.push(path);
  }
  return found;
}

/** SHA-256 of those files, by their paths. */
export async function digestsInApp(
  appDir: string,
  paths: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const files = await filesInApp(appDir, paths);
  const digests = files.map(
    async (file) => [file, await sha256OfFile(join(appDir, file))] as const,
  );
  return Object.fromEntries(await Promise.all(digests));
}
