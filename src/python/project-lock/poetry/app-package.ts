import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { normalizeName } from "../../lock.ts";
import type { Project } from "./project.ts";

/** Whether the app itself is installed. */
type AppPackage =
  /** `evidence`: the file that shows it, relative to the app; none where the backend looks itself. */
  | { readonly isInstalled: true; readonly evidence: readonly string[] }
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
  if (!/poetry/.test(buildSystem.backend ?? "")) return { isInstalled: true, evidence: [] };

  const packages = (poetry.packages ?? []).filter(({ format = "wheel" }) =>
    [format].flat().includes("wheel"),
  );
  if (packages.length > 0) {
    const places = packages.map(({ include, from = "." }) => join(from, withoutPattern(include)));
    const modules = await Promise.all(places.map(async (place) => await findModule(appDir, place)));
    const missing = places.find((_place, index) => modules[index] === undefined);
    if (missing === undefined)
      return { isInstalled: true, evidence: modules.filter((each) => each !== undefined) };
    return skipped(`there is no module in ${missing}, which pyproject.toml includes`);
  }

  const module = normalizeName(name).replaceAll("-", "_");
  for (const place of [module, `${module}.py`, join("src", module), join("src", `${module}.py`)]) {
    const found = await findModule(appDir, place);
    if (found !== undefined) return { isInstalled: true, evidence: [found] };
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

/** The path itself where it is a file; of a directory the first Python file in it. */
async function findModule(appDir: string, path: string): Promise<string | undefined> {
  const stats = await stat(join(appDir, path)).catch(() => undefined);
  if (stats === undefined) return undefined;
  if (!stats.isDirectory()) return path;
  const entries = (await readdir(join(appDir, path), { withFileTypes: true })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  const file = entries.find((entry) => !entry.isDirectory() && entry.name.endsWith(".py"));
  if (file !== undefined) return join(path, file.name);
  for (const entry of entries.filter((each) => each.isDirectory())) {
    const found = await findModule(appDir, join(path, entry.name));
    if (found !== undefined) return found;
  }
  return undefined;
}
