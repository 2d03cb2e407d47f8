import { CommandError } from "../../kit/command.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { ensureDevelopment } from "../../kit/development.ts";
import { counted } from "../../kit/text.ts";
import type { Interpreter } from "../../python/interpreter.ts";
import type { Lock } from "../../python/lock.ts";
import type { IndexOptions } from "../../python/requirements/index-options.ts";
import {
  constraintsText,
  requirementsText,
  uvFormatArguments,
  uvIndexArguments,
} from "../../python/requirements/uv-input.ts";
import { PYPI } from "../../python/uv/index-config.ts";
import { narrowLock } from "../../python/uv/narrow-lock.ts";
import type { PylockPackage } from "../../python/uv/pylock.ts";
import {
  findIndexes,
  type Preferences,
  type Resolution,
  resolveWithUv,
  type Resolved,
  type UvPlace,
} from "../../python/uv/resolve.ts";
import type { Asked } from "./asked.ts";
import { explainFailure, whereAsked } from "./explain.ts";
import { failure } from "./failures.ts";
import { checkHashes, demandedHashes } from "./hashes.ts";
import { checkSourceBuilds } from "./source-builds.ts";
import { readUserLock } from "./user-lock.ts";
import { draftsOf, uvCacheOf } from "./workplace.ts";

export interface Locked {
  readonly lock: Lock;
  readonly packages: readonly PylockPackage[];
  /** The repository and revision that was asked for, by the package's name. */
  readonly requested: Readonly<Record<string, string>>;
}

export interface LockTask {
  readonly context: BuildContext;
  readonly interpreter: Interpreter;
  readonly asked: Asked;
  readonly netrc: string | undefined;
}

/** A lock for this Python and this platform, with the versions of the previous one where they fit. */
export async function obtainLock(task: LockTask, preferences: Preferences): Promise<Locked> {
  const locked = await obtain(task, preferences);
  await checkSourceBuilds(task, locked.lock);
  return locked;
}

async function obtain(task: LockTask, preferences: Preferences): Promise<Locked> {
  const { asked, context } = task;
  const { log } = context;
  if (asked.source.kind === "pylock") {
    const locked = await readUserLock(task, asked.source.file);
    log.step(`Found ${counted(locked.lock.length, "package")} for this Python and platform`);
    return locked;
  }
  if (asked.set.requirements.length + asked.set.remoteRequirements.length === 0) {
    log.step("Found nothing to install: the lock is empty");
    return { lock: [], packages: [], requested: {} };
  }
  log.step(`Resolving for Python ${task.interpreter.minor}`);
  const started = Date.now();
  const locked = await resolve(task, preferences);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  log.step(`Resolved ${counted(locked.lock.length, "package")} (${seconds} s)`);
  return locked;
}

async function resolve(task: LockTask, preferences: Preferences): Promise<Locked> {
  const { context, interpreter, asked } = task;
  const { appDir, env } = context;
  const resolution = resolutionOf(task, preferences);
  const place = {
    interpreter,
    env,
    cache: uvCacheOf(context),
    work: draftsOf(context),
    netrc: task.netrc,
  };
  const { pylock, directory, remarks } = await runUv(task, resolution, place);
  tellRemarks(context, remarks);

  const severalPlaces = asked.options.extraIndexUrls.length + asked.options.findLinks.length > 0;
  const indexes = severalPlaces
    ? await findIndexes(resolution, place, pylock)
    : new Map<string, string>();
  const main = asked.options.indexUrl?.value ?? PYPI;
  const { unfit, lock, packages } = narrowLock(pylock.packages, {
    target: { pythonMinor: interpreter.minor, arch: context.target.arch },
    appDir,
    lockDir: directory,
    allows: (name) => allowedFiles(asked.options, name),
    hashesFor: (name) => demandedHashes(asked, name),
    indexOf: (name) => (indexes.get(name) === main ? undefined : indexes.get(name)),
  });
  if (unfit.length > 0) {
    const where = (name: string) => whereAsked(asked, name);
    throw failure("unfit", { unfit, python: interpreter.minor, where });
  }
  checkHashes(asked, lock);
  return { lock, packages, requested: requestedRepositories(asked, lock) };
}

function resolutionOf({ context, asked }: LockTask, preferences: Preferences): Resolution {
  const { set, options } = asked;
  const { appDir } = context;
  return {
    requirements: requirementsText(set, appDir),
    constraints: constraintsText(set, appDir),
    arguments: [
      ...uvIndexArguments(options, appDir, asked.strategy),
      ...uvFormatArguments(options),
      ...(options.pre ? ["--prerelease", "allow"] : []),
      ...set.requirements.flatMap(({ name, configSettings }) =>
        name === undefined
          ? []
          : configSettings.flatMap((setting) => [
              "--config-settings-package",
              `${name}:${setting}`,
            ]),
      ),
    ],
    preferences: { ...preferences, requested: stillRequested(asked, preferences) },
  };
}

/** uv knows no `--prefer-binary`: wheels only, and with sources where that has no answer. */
async function runUv(task: LockTask, resolution: Resolution, place: UvPlace): Promise<Resolved> {
  const { onlyBinary, noBinary, preferBinary } = task.asked.options;
  if (preferBinary && onlyBinary.length + noBinary.length === 0) {
    const wheelsOnly = [...resolution.arguments, "--only-binary", ":all:"];
    try {
      return await resolveWithUv({ ...resolution, arguments: wheelsOnly }, place);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      task.context.log.step("Resolving with packages that exist as source only");
    }
  }
  try {
    return await resolveWithHeaders(task, resolution, place);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw await explainFailure(error.output, task, error);
  }
}

/** Some sources must find their library to say what they need; most builds have none of those. */
async function resolveWithHeaders(
  { context: { env, log } }: LockTask,
  resolution: Resolution,
  place: UvPlace,
): Promise<Resolved> {
  try {
    return await resolveWithUv(resolution, place);
  } catch (error) {
    const isBuild = error instanceof CommandError && BUILD_FAILED.test(error.output);
    if (!isBuild || !(await ensureDevelopment(env, log))) throw error;
    return await resolveWithUv(resolution, place);
  }
}

/** Commits are kept only for repositories that are asked for at the same revision as before. */
function stillRequested(
  { set }: Asked,
  { requested }: Preferences,
): Readonly<Record<string, string>> {
  const urls = new Set(
    set.requirements.map(({ source }) => (source.kind === "git" ? source.url : "")),
  );
  return Object.fromEntries(Object.entries(requested).filter(([, url]) => urls.has(url)));
}

function requestedRepositories({ set }: Asked, lock: Lock): Readonly<Record<string, string>> {
  const entries = lock.flatMap((distribution) => {
    if (distribution.from !== "git") return [];
    const found = set.requirements.find(
      ({ name, source }) =>
        source.kind === "git" &&
        (name === distribution.name ||
          (name === undefined && source.url.startsWith(`git+${distribution.url}`))),
    );
    return found?.source.kind === "git" ? [[distribution.name, found.source.url] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** uv's words for a package's own code that did not get through. */
const BUILD_FAILED = /Failed to build|Call to `[^`]*` failed/;

/** A name counts more than ":all:". */
function allowedFiles({ onlyBinary, noBinary }: IndexOptions, name: string) {
  if (onlyBinary.includes(name)) return { wheel: true, sdist: false };
  if (noBinary.includes(name)) return { wheel: false, sdist: true };
  return { wheel: !noBinary.includes(":all:"), sdist: !onlyBinary.includes(":all:") };
}

function tellRemarks({ log }: BuildContext, remarks: string): void {
  for (const [, remark = ""] of remarks.matchAll(/^warning: (.+)$/gm)) {
    log.warn(remark.replaceAll("`", "").replace(/\.$/, ""));
  }
}
