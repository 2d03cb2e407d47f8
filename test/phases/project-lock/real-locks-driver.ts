import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { Failure, renderMessage } from "../../../src/kit/failure.ts";
import { normalizeName } from "../../../src/python/lock.ts";
import type { LockManager } from "../../../src/python/project-lock/manager.ts";
import { poetry } from "../../../src/python/project-lock/poetry/manager.ts";
import { uvManager } from "../../../src/python/project-lock/uv/manager.ts";
import type { PylockPackage } from "../../../src/python/uv/pylock.ts";
import type { Compared, Environment, Question } from "./real-locks.ts";

const run = promisify(execFile);

/** Answers each question with what our manager selects, and with what its own tool would install. */
async function main([given = "", answers = "", apps = ""]: readonly string[]): Promise<void> {
  const { questions, environments } = JSON.parse(await readFile(given, "utf8")) as {
    readonly questions: readonly Question[];
    readonly environments: readonly Environment[];
  };
  const compared: Record<string, readonly Compared[]> = {};
  for (const question of questions) {
    const place = { app: join(apps, question.lock), drafts: join(dirname(answers), "drafts") };
    compared[JSON.stringify(question)] = await Promise.all(
      environments.map(async (environment) => ({
        python: environment.version,
        selected: await reported(select(question, environment, place)),
        installed: await reported(install(question, environment, place.app)),
      })),
    );
  }
  await writeFile(answers, JSON.stringify(compared));
}

/** What went wrong takes the place of the packages, so that all other questions are answered, too. */
async function reported(packages: Promise<readonly string[]>): Promise<readonly string[] | string> {
  try {
    return (await packages).toSorted();
  } catch (error) {
    return error instanceof Failure ? renderMessage(error.userMessage) : String(error);
  }
}

async function select(
  { lock, groups, extras }: Question,
  { python, version, arch }: Environment,
  { app, drafts }: { readonly app: string; readonly drafts: string },
): Promise<readonly string[]> {
  const minor = version.split(".").slice(0, 2).join(".");
  const work = join(drafts, minor);
  const { packages } = await managerOf(lock).select({
    ...{ appDir: app, arch, groups, extras },
    interpreter: { path: python, version, minor, recreate: undefined },
    place: {
      env: process.env,
      cache: "/tmp/uv-cache",
      work,
      netrc: undefined,
      placesOf: (url) => [url],
    },
  });
  return packages.filter(({ directory }) => directory?.path !== ".").map(nameOf);
}

function managerOf(lock: string): LockManager {
  return lock.startsWith("uv-") ? uvManager(undefined) : poetry;
}

/** A package of the app's own directories has the version that its files say. */
function nameOf({ name, version, directory }: PylockPackage): string {
  const normalized = normalizeName(name);
  return directory === undefined ? `${normalized}==${version}` : normalized;
}

async function install(
  question: Question,
  environment: Environment,
  app: string,
): Promise<readonly string[]> {
  return question.lock.startsWith("uv-")
    ? await syncWithUv(question, environment, app)
    : await installWithPoetry(question, environment, app);
}

async function syncWithUv(
  { groups, extras }: Question,
  { python, environment }: Environment,
  app: string,
): Promise<readonly string[]> {
  const args = [
    ...["sync", "--dry-run", "--locked", "--no-default-groups", "--no-install-project"],
    ...groups.flatMap((group) => ["--group", group]),
    ...extras.flatMap((extra) => ["--extra", extra]),
    ...["--python", python, "--color=never"],
  ];
  const env = { ...process.env, UV_PROJECT_ENVIRONMENT: environment };
  const { stderr } = await run("uv", args, { cwd: app, env });
  return [...stderr.matchAll(/^ \+ (\S+?)(?:==(\S+)| @ file:.*)$/gm)].map(
    ([, name = "", version]) => (version === undefined ? name : `${name}==${version}`),
  );
}

/**
 * From the markers in the lock, Poetry may install two versions of one package, one over the other.
 * Then the answer is its solver's, given the same lock.
 */
async function installWithPoetry(
  question: Question,
  environment: Environment,
  app: string,
): Promise<readonly string[]> {
  const installed = await askPoetry(question, environment, { app, env: {} });
  const names = new Set(installed.map((item) => item.replace(/==.*/, "")));
  if (names.size === installed.length) return installed;
  const env = { POETRY_INSTALLER_RE_RESOLVE: "true" };
  return await askPoetry(question, environment, { app, env });
}

async function askPoetry(
  { groups, extras }: Question,
  { environment }: Environment,
  { app, env }: { readonly app: string; readonly env: NodeJS.ProcessEnv },
): Promise<readonly string[]> {
  const args = [
    ...["install", "--no-root", "--dry-run", `--only=${["main", ...groups].join()}`],
    ...extras.flatMap((extra) => ["--extras", extra]),
    ...["--no-ansi", "--no-interaction"],
  ];
  const { stdout } = await run("/tmp/poetry/bin/poetry", args, {
    cwd: app,
    env: { ...process.env, VIRTUAL_ENV: environment, ...env },
  });
  return [...stdout.matchAll(/^ +- Installing (\S+) \((\S+)( \S+)?\)$/gm)].map(
    ([, name = "", version, place]) => {
      const normalized = normalizeName(name);
      return place === undefined ? `${normalized}==${version}` : normalized;
    },
  );
}

void main(process.argv.slice(2));
