import { CommandError } from "../../kit/command.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { counted } from "../../kit/text.ts";
import type { Interpreter } from "../../python/interpreter.ts";
import type { Lock } from "../../python/lock.ts";
import type { IndexOptions } from "../../python/requirements/index-options.ts";
import type { Requirement } from "../../python/requirements/requirement.ts";
import {
  constraintsText,
  requirementsText,
  uvFormatArguments,
  uvIndexArguments,
} from "../../python/requirements/uv-input.ts";
import { narrowLock } from "../../python/uv/narrow-lock.ts";
import type { PylockPackage } from "../../python/uv/pylock.ts";
import { resolveWithUv, type Resolved } from "../../python/uv/resolve.ts";
import type { Asked } from "./asked.ts";
import { failure } from "./failures.ts";
import { listMoves } from "./moves.ts";
import { draftsOf, uvCacheOf } from "./workplace.ts";

export interface Locked {
  readonly lock: Lock;
  readonly packages: readonly PylockPackage[];
}

export interface LockTask {
  readonly context: BuildContext;
  readonly interpreter: Interpreter;
  readonly asked: Asked;
  readonly netrc: string | undefined;
}

/** A lock for this Python and this platform, with the versions of the previous one where they fit. */
export async function obtainLock(task: LockTask, previous: Lock): Promise<Locked> {
  const { context, interpreter, asked } = task;
  const { log, appDir, target } = context;
  if (asked.set.requirements.length + asked.set.remoteRequirements.length === 0) {
    log.step("Found nothing to install: the lock is empty");
    return { lock: [], packages: [] };
  }
  log.step(`Resolving for Python ${interpreter.minor}`);
  const started = Date.now();
  const { pylock, directory } = await resolve(task, previous);
  const { lock, packages, unfit } = narrowLock(pylock.packages, {
    target: { pythonMinor: interpreter.minor, arch: target.arch },
    appDir,
    lockDir: directory,
    allows: (name) => allowedFiles(asked.options, name),
    hashesFor: (name) => demandedHashes(asked, name),
    indexOf: () => undefined,
  });
  if (unfit.length > 0) throw failure("files-unfit", { unfit });
  log.step(`Resolved ${counted(lock.length, "package")} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  listMoves(log, previous, lock);
  return { lock, packages };
}

async function resolve({ context, interpreter, asked, netrc }: LockTask, previous: Lock): Promise<Resolved> {
  const { appDir, env } = context;
  const { set, options } = asked;
  try {
    return await resolveWithUv(
      {
        requirements: requirementsText(set, appDir),
        constraints: constraintsText(set, appDir),
        indexArguments: [
          ...uvIndexArguments(options, appDir, asked.strategy),
          ...uvFormatArguments(options),
        ],
        pre: options.pre,
        preferences: previous,
        configSettings: set.requirements.flatMap(({ name, configSettings }) =>
          name === undefined ? [] : configSettings.map((setting) => `${name}:${setting}`),
        ),
      },
      { interpreter, env, cache: uvCacheOf(context), work: draftsOf(context), netrc },
    );
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw failure("resolution-failed", { output: error.output }, error);
  }
}

/** A name counts more than ":all:". */
function allowedFiles({ onlyBinary, noBinary }: IndexOptions, name: string) {
  if (onlyBinary.includes(name)) return { wheel: true, sdist: false };
  if (noBinary.includes(name)) return { wheel: false, sdist: true };
  return { wheel: !noBinary.includes(":all:"), sdist: !onlyBinary.includes(":all:") };
}

function demandedHashes({ set }: Asked, name: string): readonly string[] {
  return [...set.requirements, ...set.constraints]
    .filter((requirement: Requirement) => requirement.name === name)
    .flatMap(({ hashes }) => hashes);
}
