import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { normalizeName } from "../../lock.ts";
import type { Project } from "./project.ts";

/** Whether the app itself is installed. */
type AppPackage =
  | { readonly isInstalled: true }
  /** `because` is told; undefined where the project says it. */
  | { readonly isInstalled: false; readonly because: string | undefined };

/**
 * poetry-core refuses a project whose modules it doesn't find, as those that people install with
 * --no-root. https://github.com/python-poetry/poetry-core/blob/2.5.0/src/poetry/core/masonry/utils/module.py
 */
export async function findAppPackage(appDir: string, project: Project): Promise<AppPackage> {
  const { name, buildSystem, poetry } = project;
  if (poetry["package-mode"] === false) return skipped(undefined);
  if (name === undefined) return skipped("pyproject.toml gives it no name");
  if (buildSystem === undefined) return skipped("pyproject.toml has no [build-system]");
  if (!/poetry/.test(buildSystem.backend ?? "")) return { isInstalled: true };

  const packages = (poetry.packages ?? []).filter(({ format = "wheel" }) =>
    [format].flat().includes("wheel"),
  );
  if (packages.length > 0) {
    const places = packages.map(({ include, from = "." }) => join(from, withoutPattern(include)));
    for (const place of places) {
      if (!(await hasModule(appDir, place)))
        return skipped(`there is no module in ${place}, which pyproject.toml includes`);
    }
    return { isInstalled: true };
  }

  const module = normalizeName(name).replaceAll("-", "_");
  for (const place of [module, `${module}.py`, join("src", module), join("src", `${module}.py`)]) {
    if (await hasModule(appDir, place)) return { isInstalled: true };
  }
  return skipped(`there is no directory ${module} or src/${module}`);
}

function skipped(because: string | undefined): AppPackage {
  return { isInstalled: false, because };
}

/** The directory that a pattern begins with. */
function withoutPattern(include: string): string {
  const parts = include.split("/");
  const first = parts.findIndex((part) => /[*?[]/.test(part));
  return first < 0 ? include : parts.slice(0, first).join("/");
}

/** Whether it is a file, or a directory with a Python file somewhere in it. */
async function hasModule(appDir: string, path: string): Promise<boolean> {
  const stats = await stat(join(appDir, path)).catch(() => undefined);
  if (stats === undefined) return false;
  if (!stats.isDirectory()) return true;
  const entries = await readdir(join(appDir, path), { withFileTypes: true });
  if (entries.some((entry) => !entry.isDirectory() && entry.name.endsWith(".py"))) return true;
  for (const entry of entries.filter((each) => each.isDirectory())) {
    if (await hasModule(appDir, join(path, entry.name))) return true;
  }
  return false;
}
