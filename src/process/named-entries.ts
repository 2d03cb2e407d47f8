import { parseToml, TomlError } from "../cnb/toml.ts";
import type { AppFiles } from "./app-files.ts";

/** Where the app's own files say how it starts. */
export interface NamedEntries {
  /** Modules, as they are imported; the most explicit first. */
  readonly modules: readonly string[];
  /** Of `[project.scripts]`. */
  readonly consoleScripts: readonly { readonly name: string; readonly module: string }[];
}

export async function readNamedEntries(files: AppFiles): Promise<NamedEntries> {
  const pyproject = parseLeniently((await files.read("pyproject.toml")) ?? "");
  const consoleScripts = Object.entries(tableAt(pyproject, ["project", "scripts"])).flatMap(
    ([name, target]) => {
      const module = moduleOf(target);
      return module === undefined ? [] : [{ name, module }];
    },
  );
  const modules = [
    moduleOf(tableAt(pyproject, ["tool", "fastapi"])["entrypoint"]),
    moduleOf(flaskApp((await files.read(".flaskenv")) ?? "")),
    ...(consoleScripts.length === 1 ? consoleScripts.map(({ module }) => module) : []),
  ];
  return { modules: modules.filter((module) => module !== undefined), consoleScripts };
}

/** What is wrong with the file is said by the buildpack that installs from it. */
function parseLeniently(source: string): Record<string, unknown> {
  try {
    return parseToml(source);
  } catch (error) {
    if (error instanceof TomlError) return {};
    throw error;
  }
}

function tableAt(
  document: Record<string, unknown>,
  keys: readonly string[],
): Record<string, unknown> {
  const value = keys.reduce<unknown>(
    (table, key) =>
      table !== null && typeof table === "object"
        ? (table as Record<string, unknown>)[key]
        : undefined,
    document,
  );
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** https://flask.palletsprojects.com/en/stable/cli/#environment-variables-from-dotenv */
function flaskApp(source: string): string | undefined {
  return /^\s*(?:export\s+)?FLASK_APP\s*=\s*["']?([\w.:/]+)["']?\s*$/m.exec(source)?.[1];
}

/** "pkg.main" of "pkg.main:app", "pkg/main.py" and "pkg.main". */
function moduleOf(target: unknown): string | undefined {
  if (typeof target !== "string") return undefined;
  const module = (target.split(":")[0] ?? "").trim().replace(/\.py$/, "").replaceAll("/", ".");
  return /^[A-Za-z_][\w.]*$/.test(module) ? module : undefined;
}
