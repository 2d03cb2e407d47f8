import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { exists } from "../../cnb/files.ts";
import { parseToml, TomlError } from "../../cnb/toml.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { failure } from "./failures.ts";

/** Which of the app's files say what is installed. */
export type Source =
  | { readonly kind: "requirements"; readonly files: readonly string[] }
  | { readonly kind: "pylock"; readonly file: string }
  /** The app itself is a package, installed with what it depends on. */
  | { readonly kind: "project"; readonly file: "pyproject.toml" | "setup.py" }
  /** A pyproject.toml that only holds settings of tools. */
  | { readonly kind: "nothing" };

/** BP_PIP_REQUIREMENT, then pylock.toml, requirements.txt, pyproject.toml and setup.py. */
export async function findSource({ appDir, log, settings }: BuildContext): Promise<Source> {
  const there = (file: string) => exists(join(appDir, file));
  const files = settings.get("BP_PIP_REQUIREMENT");
  if (files !== undefined) {
    log.step(`Using ${files.join(", ")} (from BP_PIP_REQUIREMENT)`);
    return { kind: "requirements", files };
  }
  if (await there("pylock.toml")) {
    const wins = (await there("requirements.txt")) ? " (it wins over requirements.txt)" : "";
    log.step(`Found pylock.toml${wins}`);
    return { kind: "pylock", file: "pylock.toml" };
  }
  if (await there("requirements.txt")) {
    log.step("Found requirements.txt");
    return { kind: "requirements", files: ["requirements.txt"] };
  }
  if (await isProject(appDir)) {
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

/** Without either table pip would make an empty package of a guessed name of it. */
async function isProject(appDir: string): Promise<boolean> {
  const document = await readPyproject(appDir, ".");
  return document !== undefined && ("project" in document || "build-system" in document);
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
