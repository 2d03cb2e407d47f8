import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { exists } from "../../cnb/files.ts";
import { parseToml, TomlError } from "../../cnb/toml.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import type { Log } from "../../kit/log.ts";
import { counted } from "../../kit/text.ts";
import {
  type HandedRequirements,
  readHandedRequirements,
} from "../../python/provided/handed-requirements.ts";
import { tellPassedOver } from "../../python/lock-sources.ts";
import { failure } from "./failures.ts";

/** Which of the app's files say what is installed. */
export type Source =
  | { readonly kind: "requirements"; readonly files: readonly string[] }
  /** The app itself is a package, installed with what it depends on. */
  | { readonly kind: "project"; readonly file: "pyproject.toml" | "setup.py" }
  /** The app is no package, and its pyproject.toml says what it depends on. */
  | {
      readonly kind: "dependencies";
      readonly file: "pyproject.toml";
      readonly lines: readonly string[];
    }
  /** A file of another package manager asks pip for these; `files` are installed, too. */
  | ({ readonly kind: "handed" } & HandedRequirements)
  /** A pyproject.toml that only holds settings of tools. */
  | { readonly kind: "nothing" };

/** Whether the app's own pylock.toml is installed: nothing that comes first asks for something else. */
export async function choosesPylock({ appDir, env, settings }: BuildContext): Promise<boolean> {
  if (settings.get("BP_PIP_REQUIREMENT") !== undefined) return false;
  if ((await readHandedRequirements(env)) !== undefined) return false;
  return exists(join(appDir, "pylock.toml"));
}

/**
 * What another package manager's file asks for, or BP_PIP_REQUIREMENT, then requirements.txt,
 * pyproject.toml and setup.py.
 */
export async function findSource(context: BuildContext): Promise<Source> {
  const { appDir, env, log, settings } = context;
  const there = (file: string) => exists(join(appDir, file));
  const files = settings.get("BP_PIP_REQUIREMENT");
  const handed = await readHandedRequirements(env);
  if (handed !== undefined) return handedSource(handed, files, log);
  if (files !== undefined) {
    log.step(`Using ${files.join(", ")} (from BP_PIP_REQUIREMENT)`);
    await tellPassedOver(context, "pip", "");
    return { kind: "requirements", files };
  }
  await tellPassedOver(context, "pip", "");
  if (await there("requirements.txt")) {
    log.step("Found requirements.txt");
    const document = await readPyproject(appDir, ".").catch(() => undefined);
    const requirements = await readFile(join(appDir, "requirements.txt"), "utf8");
    const isNamed = /^\s*(?:-e\s*|--editable[\s=]+)?(?:\.|file:)/m.test(requirements);
    if (document !== undefined && "build-system" in document && !isNamed) {
      log.step(
        "Skipping pyproject.toml: the app itself is installed where requirements.txt says -e .",
      );
    }
    return { kind: "requirements", files: ["requirements.txt"] };
  }
  const document = await readPyproject(appDir, ".");
  if (isUnlockedPoetry(document)) throw failure("poetry-unlocked", {});
  const dependencies = await dependenciesAlone(appDir, document);
  if (dependencies !== undefined) {
    log.step(
      "Found pyproject.toml without [build-system]: the app's dependencies are installed, not the app itself",
    );
    return { kind: "dependencies", file: "pyproject.toml", lines: dependencies };
  }
  if (document !== undefined && ("project" in document || "build-system" in document)) {
    log.step("Found pyproject.toml: the app is installed as a package");
    return { kind: "project", file: "pyproject.toml" };
  }
  if (await there("setup.py")) {
    log.step("Found setup.py: the app is installed as a package");
    return { kind: "project", file: "setup.py" };
  }
  log.step("Found pyproject.toml with settings of tools only: there is nothing to install");
  return { kind: "nothing" };
}

/** A project of Poetry alone, which no other tool can make a package of or read dependencies from. */
function isUnlockedPoetry(document: Record<string, unknown> | undefined): boolean {
  if (document === undefined || "project" in document || "build-system" in document) return false;
  return poetrySchema.safeParse(document).success;
}

const poetrySchema = z.object({
  tool: z.object({ poetry: z.object({ dependencies: z.record(z.string(), z.unknown()) }) }),
});

/** The setting names files in place of requirements.txt, and that alone, if it is read at all. */
function handedSource(
  handed: HandedRequirements,
  named: readonly string[] | undefined,
  log: Log,
): Source {
  const { file, lines } = handed;
  if (lines.length > 0) log.step(`Found ${counted(lines.length, "line")} for pip in ${file}`);
  if (handed.files.length === 0) {
    if (named !== undefined) {
      log.step(
        `Skipping ${named.join(", ")} (from BP_PIP_REQUIREMENT) because ${file} says what pip installs`,
      );
    }
    return { kind: "handed", ...handed };
  }
  const files = named ?? handed.files;
  log.step(`Using ${files.join(", ")}${named === undefined ? "" : " (from BP_PIP_REQUIREMENT)"}`);
  return { kind: "handed", ...handed, files };
}

/**
 * The dependencies of a project that does not say how a package is made of it, as 'uv init' writes
 * it, and that has no package's form either; undefined for any other. pip would hand it to
 * setuptools, which refuses a directory with `data` and `models` beside `main.py`.
 * https://docs.astral.sh/uv/concepts/projects/config/#build-systems
 */
async function dependenciesAlone(
  appDir: string,
  document: Record<string, unknown> | undefined,
): Promise<readonly string[] | undefined> {
  if (document === undefined || "build-system" in document) return undefined;
  const parsed = unpackagedSchema.safeParse(document);
  if (!parsed.success || parsed.data.project.dynamic?.includes("dependencies")) return undefined;
  const { name, dependencies = [] } = parsed.data.project;
  const marks = ["src", "setup.py", "setup.cfg", join(moduleOf(name), "__init__.py")];
  for (const mark of marks) if (await exists(join(appDir, mark))) return undefined;
  return dependencies;
}

const unpackagedSchema = z.object({
  project: z.object({
    name: z.string(),
    dependencies: z.optional(z.array(z.string())),
    dynamic: z.optional(z.array(z.string())),
  }),
  tool: z.optional(z.object({ setuptools: z.optional(z.undefined()) })),
});

function moduleOf(name: string): string {
  return name.toLowerCase().replaceAll(/[-.]+/g, "_");
}

/** The parsed pyproject.toml of a directory of the app; undefined where there is none. */
export async function readPyproject(
  appDir: string,
  directory: string,
): Promise<Record<string, unknown> | undefined> {
  const file = join(directory, "pyproject.toml");
  const text = await readFile(join(appDir, file), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return parseToml(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw failure("toml-invalid", { file, line: error.line, issue: error.message }, error);
  }
}
