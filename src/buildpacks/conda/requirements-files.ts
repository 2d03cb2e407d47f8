import { readFile } from "node:fs/promises";
import { join, normalize } from "node:path";
import type { Env } from "../../cnb/env.ts";
import type { Target } from "../../cnb/target.ts";
import { exists } from "../../cnb/files.ts";
import { type FoundInput, findInput } from "../../conda/inputs/find.ts";
import { platformOf } from "../../conda/platform.ts";
import { Settings } from "../../kit/settings.ts";
import { LOCK_FILES } from "../../python/lock-sources.ts";

const REQUIREMENTS = "requirements.txt";

interface App {
  readonly appDir: string;
  readonly env: Env;
}

/** The file that says what is installed, for detection and build alike. */
export async function findAppInput(app: App & { readonly target: Target }): Promise<FoundInput> {
  return findInput(app.appDir, {
    setting: new Settings(app.env).get("BP_CONDA_ENVIRONMENT"),
    subdir: platformOf(app.target),
    hasOthers: await hasOtherSources(app),
    hasRequirements: await hasRequirements(app),
  });
}

/** Requirements files that are installed besides the environment; usually none. */
export async function requirementsToInstall(appDir: string, env: Env): Promise<readonly string[]> {
  const settings = new Settings(env);
  if (settings.get("BP_CONDA_REQUIREMENTS") !== true) return [];
  const named = settings.get("BP_PIP_REQUIREMENT");
  if (named !== undefined) return named;
  return (await exists(join(appDir, REQUIREMENTS))) ? [REQUIREMENTS] : [];
}

/** Whether pip's buildpack would have something to read, if this one did not take part. */
async function hasOtherSources({ appDir, env }: App): Promise<boolean> {
  if (new Settings(env).get("BP_PIP_REQUIREMENT") !== undefined) return true;
  return (await present(appDir, LOCK_FILES)).length > 0;
}

/** Whether it would have more than a project's own file, which may be meant for conda, too. */
async function hasRequirements({ appDir, env }: App): Promise<boolean> {
  if (new Settings(env).get("BP_PIP_REQUIREMENT") !== undefined) return true;
  return (await present(appDir, [REQUIREMENTS, "pylock.toml"])).length > 0;
}

export interface Beside {
  /** Whether pyproject.toml and setup.py are not what it was made of. */
  readonly isOfConda: boolean;
  /** Lines for pip, which may include such files. */
  readonly pip: readonly string[];
}

/** Files that others read, and that say nothing here, although they lie in the app. */
export async function filesPassedOver(
  appDir: string,
  { isOfConda, pip }: Beside,
): Promise<readonly string[]> {
  const found = await present(appDir, [...OTHERS, ...PYTHONS]);
  const projects = isOfConda && !pip.some((line) => OWN_PROJECT.test(line)) ? PROJECTS : [];
  for (const file of await present(appDir, projects)) {
    if (file === "setup.py" || (await describesProject(join(appDir, file)))) found.push(file);
  }
  const included = new Set(pip.map((line) => normalize(INCLUDED.exec(line)?.[1] ?? "")));
  return found.filter((file) => !included.has(file));
}

const OTHERS = [REQUIREMENTS, "pylock.toml", "poetry.lock", "uv.lock", "Pipfile.lock", "pdm.lock"];
/** What ml-buildpacks/python reads a version from. */
const PYTHONS = [".python-version", "runtime.txt"];
const PROJECTS = ["pyproject.toml", "setup.py"];

/** "-e .", "." and ".[extra]" */
const OWN_PROJECT = /^\s*(?:(?:-e|--editable)[\s=]*)?(?:file:)?\.\/?(?:\[|\s|$)/;
const INCLUDED = /^\s*(?:-[rc]|--(?:requirement|constraint))[\s=]*(\S+)/;

/** Others hold settings of tools alone. */
async function describesProject(path: string): Promise<boolean> {
  return /^\s*\[project\]/m.test(await readFile(path, "utf8"));
}

async function present(appDir: string, files: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const file of files) if (await exists(join(appDir, file))) found.push(file);
  return found;
}
