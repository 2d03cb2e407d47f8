import type { Accelerated } from "../../accelerator/accelerated.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { counted } from "../../kit/text.ts";
import { acceleratedBy } from "../../python/accelerated/accelerated-by.ts";
import { draftsOf, uvCacheOf } from "../../python/build-directories.ts";
import type { Interpreter } from "../../python/interpreter.ts";
import type { Lock } from "../../python/lock.ts";
import type { Offered } from "../../python/provided/offered.ts";
import { allowedFiles } from "../../python/requirements/index-options.ts";
import { PYPI } from "../../python/uv/index-config.ts";
import { narrowLock } from "../../python/uv/narrow-lock.ts";
import type { PylockPackage } from "../../python/uv/pylock.ts";
import { findDependents, findIndexes, type Preferences } from "../../python/uv/resolve.ts";
import { checkAccelerated } from "./accelerated.ts";
import type { Asked } from "./asked.ts";
import { whereAsked } from "./explain.ts";
import { failure } from "./failures.ts";
import { fitToHardware } from "./fit.ts";
import { checkHashes, demandedHashes } from "./hashes.ts";
import { offeredTo, tellSkipped, warnOfReplaced } from "./provided.ts";
import { resolveForHardware } from "./resolve-for-hardware.ts";
import { tellSharedNames } from "./shared-names.ts";
import { checkSourceBuilds } from "./source-builds.ts";

export interface Locked {
  readonly lock: Lock;
  readonly accelerated: Accelerated;
  readonly packages: readonly PylockPackage[];
  /** The repository and revision that was asked for, by the package's name. */
  readonly requested: Readonly<Record<string, string>>;
}

export interface LockTask {
  readonly context: BuildContext;
  readonly interpreter: Interpreter;
  readonly asked: Asked;
  readonly netrc: string | undefined;
  /** The CUDA version of the previous lock. */
  readonly previousCuda: string | undefined;
  /** What needs no package of pip. */
  readonly offered: Offered;
}

export type GivenTask = Omit<LockTask, "offered">;

/** A lock for this Python and this platform, with the versions of the previous one where they fit. */
export async function obtainLock(given: GivenTask, preferences: Preferences): Promise<Locked> {
  const task = { ...given, offered: offeredTo(given) };
  const locked = await obtain(task, preferences);
  await checkSourceBuilds(task, locked.lock);
  return locked;
}

async function obtain(task: LockTask, preferences: Preferences): Promise<Locked> {
  const { asked, context } = task;
  const { log } = context;
  if (asked.set.requirements.length + asked.set.remoteRequirements.length === 0) {
    log.step("Found nothing to install: the lock is empty");
    const { choice } = fitToHardware(task, []);
    const accelerated = acceleratedBy(choice);
    return { lock: [], packages: [], requested: {}, accelerated };
  }
  tellSkipped(task);
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
  const place = {
    interpreter,
    env,
    cache: uvCacheOf(context),
    work: draftsOf(context),
    netrc: task.netrc,
  };
  const { fit, resolution, resolved } = await resolveForHardware(task, preferences, place);
  const { pylock, directory, remarks } = resolved;
  tellRemarks(context, remarks);

  const severalPlaces = asked.options.extraIndexUrls.length + asked.options.findLinks.length > 0;
  const indexes = severalPlaces
    ? await findIndexes(resolution, place, pylock)
    : new Map<string, string>();
  const main = asked.options.indexUrl?.value ?? PYPI;
  const indexOf = (name: string) =>
    fit.dedicated?.packages.includes(name) === true ? fit.dedicated.url : indexes.get(name);
  const { unfit, lock, packages } = narrowLock(pylock.packages, {
    target: { pythonMinor: interpreter.minor, arch: context.target.arch },
    appDir,
    lockDir: directory,
    allows: (name) => allowedFiles(asked.options, name),
    hashesFor: (name) => demandedHashes(asked, name),
    indexOf: (name) => (indexOf(name) === main ? undefined : indexOf(name)),
  });
  if (unfit.length > 0) {
    const where = (name: string) => whereAsked(asked, name);
    throw failure("unfit", { unfit, python: interpreter.minor, where });
  }
  checkHashes(asked, lock, fit);
  warnOfReplaced(task, lock);
  await tellSharedNames(task, lock);
  const accelerated = await checkAccelerated(task, fit, {
    packages,
    dependents: () => findDependents(resolution, place, pylock),
  });
  return { lock, packages, accelerated, requested: requestedRepositories(asked, lock) };
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

function tellRemarks({ log }: BuildContext, remarks: string): void {
  for (const [, remark = ""] of remarks.matchAll(/^warning: (.+)$/gm)) {
    log.warn(remark.replaceAll("`", "").replace(/\.$/, ""));
  }
}
