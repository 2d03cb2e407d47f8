import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { exists } from "../../../cnb/files.ts";
import { parseToml, TomlError } from "../../../cnb/toml.ts";
import { filesInApp } from "../files-in-app.ts";
import { localPackagesIn } from "./lock-text.ts";
import { LOCK_FILE } from "./names.ts";

/**
 * The lock, and the files that `uv lock --check` compares it with: the project's, those of the
 * members of its workspace and of other local packages, and uv's own configuration.
 */
export async function findFiles(appDir: string): Promise<readonly string[]> {
  const packages = await readLocalPackages(appDir);
  const candidates = packages
    .filter(({ kind }) => kind !== "path")
    .flatMap(({ path }) =>
      ["pyproject.toml", "setup.py", "setup.cfg"].map((file) => join(path, file)),
    );
  const found = await filesInApp(appDir, ["pyproject.toml", "uv.toml", ...candidates]);
  return [LOCK_FILE, ...[...found].sort()];
}

/** Wheels and source archives of the app that are packages of the lock. */
export async function findArchives(appDir: string): Promise<readonly string[]> {
  const packages = await readLocalPackages(appDir);
  const archives = packages.filter(({ kind }) => kind === "path").map(({ path }) => path);
  return filesInApp(appDir, archives);
}

/** Local packages whose metadata only a build tells: any file can change what they depend on. */
export async function findBuilt(appDir: string): Promise<readonly string[]> {
  const packages = await readLocalPackages(appDir);
  const directories = packages.filter(({ kind }) => kind !== "path").map(({ path }) => path);
  const found: string[] = [];
  for (const path of directories) {
    const directory = join(appDir, path);
    if ((await exists(directory)) && !(await isStatic(directory))) found.push(path);
  }
  return found;
}

async function readLocalPackages(appDir: string) {
  const lock = await readFile(join(appDir, LOCK_FILE), "utf8");
  // What lies elsewhere is refused later on.
  return localPackagesIn(lock).filter(({ path }) => !/^(?:\.\.(?:\/|$)|\/)/.test(path));
}

const pyprojectSchema = z.object({
  project: z.object({ dynamic: z.optional(z.array(z.string())) }),
});

/** As uv decides it: a version that only a build tells does not matter to it. */
async function isStatic(directory: string): Promise<boolean> {
  const text = await readFile(join(directory, "pyproject.toml"), "utf8").catch(() => "");
  try {
    const { data } = pyprojectSchema.safeParse(parseToml(text));
    const dynamic = data?.project.dynamic ?? [];
    const isBuilt = ["dependencies", "optional-dependencies"].some((one) => dynamic.includes(one));
    return data !== undefined && !isBuilt;
  } catch (error) {
    // uv itself will say what is wrong with it.
    if (error instanceof TomlError) return true;
    throw error;
  }
}
