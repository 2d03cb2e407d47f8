import { type AppFiles, directoryOf, joinPath } from "./app-files.ts";
import type { SourceFile } from "./app-object.ts";

/** How a file is imported: the directory that must be on `sys.path`, and its name from there. */
export interface ImportName {
  /** "" is the app directory, which always is. */
  readonly root: string;
  readonly module: string;
}

/**
 * `app/main.py` is `app.main` where it says `from app.models import …` and `main` where it says
 * `from models import …`: the directory from which most of the file's own imports can be found.
 */
export async function importNameOf(
  files: AppFiles,
  { path, module }: SourceFile,
): Promise<ImportName | undefined> {
  const imported = [...module.imports.values()].map((entry) => entry.module);
  const isRelative = [...imported, ...module.starImports].some((name) => name.startsWith("."));
  const tops = imported
    .filter((name) => !name.startsWith("."))
    .map((name) => name.split(".")[0] ?? "");

  const directory = directoryOf(path);
  const possible = ancestorsOf(directory)
    .filter((root) => !(isRelative && root === directory))
    .map((root) => ({ root, module: moduleName(root, path) }))
    .filter((name) => name.module !== undefined) as readonly ImportName[];

  for (const name of possible) {
    // Django puts the directory of manage.py on `sys.path`.
    if ((await files.list(name.root)).files.includes("manage.py")) return name;
  }
  let best: ImportName | undefined;
  let most = -1;
  for (const name of await preferred(files, directory, possible)) {
    const found = await countFound(files, name.root, new Set(tops));
    if (found > most) [best, most] = [name, found];
  }
  return best;
}

function ancestorsOf(directory: string): readonly string[] {
  const parts = directory === "" ? [] : directory.split("/");
  return ["", ...parts.map((_, index) => parts.slice(0, index + 1).join("/"))];
}

/** The app directory comes first, but in a "src layout" it is `src` from which packages count. */
async function preferred(
  files: AppFiles,
  directory: string,
  names: readonly ImportName[],
): Promise<readonly ImportName[]> {
  const isSrcLayout =
    directory.startsWith("src/") && !(await files.list("src")).files.includes("__init__.py");
  if (!isSrcLayout) return names;
  return [...names].sort((a, b) => Number(b.root === "src") - Number(a.root === "src"));
}

async function countFound(
  files: AppFiles,
  root: string,
  tops: ReadonlySet<string>,
): Promise<number> {
  const listing = await files.list(root);
  return [...tops].filter(
    (top) => listing.files.includes(`${top}.py`) || listing.directories.includes(top),
  ).length;
}

function moduleName(root: string, path: string): string | undefined {
  const relative = root === "" ? path : path.slice(root.length + 1);
  const parts = relative.replace(/\.py$/, "").split("/");
  const named = parts.at(-1) === "__init__" ? parts.slice(0, -1) : parts;
  const isImportable = named.length > 0 && named.every((part) => /^[A-Za-z_]\w*$/.test(part));
  return isImportable ? named.join(".") : undefined;
}

/** The path of a module that is there as a file or package under the root. */
export async function fileOfModule(
  files: AppFiles,
  root: string,
  module: string,
): Promise<string | undefined> {
  const base = module.split(".").reduce(joinPath, root);
  for (const path of [`${base}.py`, `${base}/__init__.py`]) {
    if ((await files.read(path)) !== undefined) return path;
  }
  return undefined;
}
