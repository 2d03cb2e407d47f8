import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { exists } from "../../cnb/files.ts";
import { sha256OfFile, sha256OfTree } from "../../kit/hash.ts";
import type { Distribution, Lock } from "../../python/lock.ts";
import type { IndexOptions } from "../../python/requirements/index-options.ts";
import type { RequirementSet } from "../../python/requirements/read-requirements.ts";
import { isArchive } from "../../python/requirements/requirement-line.ts";
import { isLeftOutOfDigest } from "../../python/wheels/source-tree.ts";
import { readPyproject } from "./source.ts";

/** SHA-256 of the app's packages and directories of wheels that its files name, by path. */
export async function digestAskedFor(
  appDir: string,
  { requirements, constraints }: RequirementSet,
  options: IndexOptions,
): Promise<Readonly<Record<string, string>>> {
  const digests: Record<string, string> = {};
  for (const { source } of [...requirements, ...constraints]) {
    if (source.kind === "path") digests[source.path] = await digestPath(appDir, source.path);
  }
  for (const { value } of options.findLinks) {
    if (value.startsWith("./")) digests[value] = await digestLinks(join(appDir, value));
  }
  return digests;
}

/** The same of packages that other local packages depend on, by the lock that they are in. */
export async function digestInLock(
  appDir: string,
  lock: Lock,
): Promise<Readonly<Record<string, string>>> {
  return digestPaths(appDir, lock.flatMap(pathInApp));
}

/** A path that is gone has an empty digest. */
export async function digestPaths(
  appDir: string,
  paths: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const digests: Record<string, string> = {};
  for (const path of paths) {
    digests[path] = (await exists(join(appDir, path))) ? await digestPath(appDir, path) : "";
  }
  return digests;
}

function pathInApp(distribution: Distribution): readonly string[] {
  if (distribution.from === "directory") return [distribution.path];
  const isArchiveOfApp = distribution.from === "url" && distribution.url.startsWith("./");
  return isArchiveOfApp ? [distribution.url.slice("./".length)] : [];
}

/**
 * Of a directory whose metadata only a build tells the whole tree, else its pyproject.toml, so that
 * an edit of its code resolves nothing.
 */
async function digestPath(appDir: string, path: string): Promise<string> {
  const absolute = join(appDir, path);
  if ((await stat(absolute)).isFile()) return sha256OfFile(absolute);
  const project = (await readPyproject(appDir, path))?.["project"] as
    | { dynamic?: unknown }
    | undefined;
  const dynamic = project === undefined || !Array.isArray(project.dynamic) ? [] : project.dynamic;
  const isStatic =
    project !== undefined &&
    !dynamic.some((field) => field === "dependencies" || field === "optional-dependencies");
  return isStatic
    ? sha256OfFile(join(absolute, "pyproject.toml"))
    : sha256OfTree(absolute, isLeftOutOfDigest);
}

/** Names and contents of a directory of wheels, or an HTML file of links. */
async function digestLinks(path: string): Promise<string> {
  if ((await stat(path)).isFile()) return sha256OfFile(path);
  const names = (await readdir(path)).filter(isArchive).sort();
  const hash = createHash("sha256");
  for (const name of names) hash.update(`${name} ${await sha256OfFile(join(path, name))}\n`);
  return hash.digest("hex");
}
