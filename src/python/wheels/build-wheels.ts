import { rm } from "node:fs/promises";
import { basename } from "node:path";
import type { BuildContext } from "../../kit/buildpack.ts";
import { ensureDevelopment } from "../../kit/development.ts";
import { counted } from "../../kit/text.ts";
import { ensureInterpreter, type Interpreter } from "../interpreter.ts";
import { type Distribution, type LockFile, normalizeName } from "../lock.ts";
import { furtherNeeds } from "./further-needs.ts";
import { buildWheel } from "./build-wheel.ts";
import { readBuiltAgainst } from "./built-against.ts";
import { failure } from "./failures.ts";
import { withCompiler } from "./cuda-compiler.ts";
import { obtainSource } from "./obtain-source.ts";
import { describeSource, isSource, type Source } from "./source.ts";
import { keepBuiltWheels, openWheelCache, type Wheel } from "./wheel-cache.ts";
import { createWorkplace } from "./workplace.ts";

export interface BuildWheelsOptions {
  readonly context: BuildContext;
  readonly interpreter: Interpreter;
  readonly lockFile: LockFile;
  readonly uvCache: string;
  readonly netrc?: string | undefined;
}

/** A wheel that was built from a distribution's source. */
export interface BuiltWheel extends Wheel {
  readonly distribution: Distribution;
}

/**
 * Builds wheels from distributions that have none: the ones to be installed now. Equal sources
 * give equal wheels, whenever and on whichever machine they are built, as long as compilers and
 * what the builds themselves require (often the newest setuptools) are the same.
 */
export async function buildWheels(
  distributions: readonly Distribution[],
  options: BuildWheelsOptions,
): Promise<readonly BuiltWheel[]> {
  const { context, interpreter, lockFile } = options;
  const sources = distributions.filter(isSource);
  if (sources.length === 0) {
    await keepBuiltWheels(context, await context.foundLayers(), lockFile.distributions);
    return [];
  }

  const builtAgainst = readBuiltAgainst(context.env, lockFile);
  const cache = await openWheelCache({
    context,
    interpreter,
    builtAgainst,
    lock: lockFile.distributions,
  });
  const built = new Map<Source, Wheel>();
  for (const source of sources) {
    const wheel = await cache.find(source);
    if (wheel !== undefined) built.set(source, wheel);
  }
  if (built.size > 0) context.log.step(`Using ${counted(built.size, "cached wheel")}`);

  const missing = sources.filter((source) => !built.has(source));
  if (missing.length > 0) {
    await ensureInterpreter(interpreter, context.env, context.log);
    await ensureDevelopment(context.env, context.log);
  }
  for (const source of missing) {
    built.set(source, await cache.add(source, await buildOne(source, options)));
  }
  await cache.commit();

  return [...built].map(([distribution, wheel]) => ({ distribution, ...wheel }));
}

/** One after the other: a compiler takes all the processors, and the memory that it can get. */
async function buildOne(source: Source, options: BuildWheelsOptions): Promise<Wheel> {
  const { context, lockFile } = options;
  const { env, log } = context;
  const started = performance.now();
  log.step(`Building ${describeSource(source)} from source`);
  // Some take half an hour without a word, and platforms end builds that say nothing.
  const signs = setInterval(() => {
    const minutes = Math.round((performance.now() - started) / 60_000);
    log.step(`Still building ${source.name} (${counted(minutes, "minute")})`);
  }, 60_000);
  try {
    const place = await createWorkplace(source, options);
    const project = await obtainSource(source, place, options);
    const needs = furtherNeeds(source.name, env, lockFile);
    const { workplace, hasCompiler } = await withCompiler(source, project, place, {
      needs,
      context,
    });
    const { wheel, usesTorch } = await buildWheel(source, project, workplace, {
      ...options,
      needs,
    });
    checkName(source, wheel);
    await rm(workplace.environment, { recursive: true, force: true });
    await rm(workplace.source, { recursive: true, force: true });
    log.step(`Done (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    return { path: wheel, apart: hasCompiler || usesTorch };
  } finally {
    clearInterval(signs);
  }
}

function checkName(source: Source, path: string): void {
  const wheel = basename(path);
  if (normalizeName(wheel.split("-")[0] ?? "") !== normalizeName(source.name)) {
    throw failure("wheel-of-another-name", {
      source: describeSource(source),
      wheel,
      name: source.name,
    });
  }
}
