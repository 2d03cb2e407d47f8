import { join } from "node:path";
import { CommandError } from "../../kit/command.ts";
import { ensureDevelopment } from "../../kit/development.ts";
import {
  type Resolution,
  type Resolved,
  resolveWithUv,
  type UvPlace,
} from "../../python/uv/resolve.ts";
import type { Fit } from "./fit.ts";
import type { LockTask } from "./obtain-lock.ts";
import { makeStubToolkit } from "./stub-toolkit.ts";
import { learnFrom, type Sources } from "./sources.ts";

export interface RunOptions {
  readonly place: UvPlace;
  readonly sources: Sources;
  readonly resolutionFor: (sources: Sources) => Resolution;
}

export interface Run {
  readonly resolved: Resolved;
  /** As it was in the end. */
  readonly resolution: Resolution;
  readonly sources: Sources;
}

/**
 * uv knows no `--prefer-binary`: wheels only, and with sources where that has no answer. Throws a
 * CommandError with uv's own words.
 */
export async function runUv(task: LockTask, fit: Fit, options: RunOptions): Promise<Run> {
  const { onlyBinary, noBinary, preferBinary } = task.asked.options;
  if (preferBinary && onlyBinary.length + noBinary.length === 0) {
    const { sources, place } = options;
    const usual = options.resolutionFor(sources);
    const resolution = { ...usual, arguments: [...usual.arguments, "--only-binary", ":all:"] };
    try {
      return { resolved: await resolveWithUv(resolution, place), resolution, sources };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      task.context.log.step("Resolving with packages that exist as source only");
    }
  }
  return await resolveWithSources(task, fit, options);
}

/**
 * Some sources must find a library, or import a package that they do not name, to say what they
 * need; most resolutions have none of those.
 */
async function resolveWithSources(task: LockTask, fit: Fit, options: RunOptions): Promise<Run> {
  const { env, log, layersDir } = task.context;
  const { sources, resolutionFor } = options;
  const { cuda } = fit.choice;
  const resolution = resolutionFor(sources);
  const cudaHome =
    sources.needCuda && cuda !== undefined
      ? await makeStubToolkit(join(layersDir, "stub-toolkit"), cuda)
      : undefined;
  const place = { ...options.place, cudaHome };
  try {
    return { resolved: await resolveWithUv(resolution, place), resolution, sources };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const learned = learnFrom(error.output, sources, task);
    if (learned !== undefined)
      return await resolveWithSources(task, fit, { ...options, sources: learned });
    if (!BUILD_FAILED.test(error.output) || !(await ensureDevelopment(env, log))) throw error;
    return await resolveWithSources(task, fit, options);
  }
}

/** uv's words for a package's own code that did not get through. */
const BUILD_FAILED = /Failed to build|Call to `[^`]*` failed/;
