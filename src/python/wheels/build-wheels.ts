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
import { prepareCompiler } from "./cuda-compiler.ts";
import { obtainSource } from "./obtain-source.ts";
import { describeSource, isSource, type Source } from "./source.ts";
import { keepBuiltWheels, openWheelCache } from "./wheel-cache.ts";
import { createWorkplace } from "./workplace.ts";

export interface BuildWheelsOptions {
  readonly context: BuildContext;
  readonly interpreter: Interpreter;
  readonly lockFile: LockFile;
  readonly uvCache: string;
  readonly netrc?: string | undefined;
}

/** A wheel that was built from a distribution's source. */
export interface BuiltWheel {
  readonly distribution: Distribution;
  /** Absolute path of the `.whl` file, for the rest of this build. */
  readonly path: string;
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
  const paths = new Map<Source, string>();
  for (const source of sources) {
    const path = await cache.find(source);
    if (path !== undefined) paths.set(source, path);
  }
  if (paths.size > 0) context.log.step(`Using ${counted(paths.size, "cached wheel")}`);

  const missing = sources.filter((source) => !paths.has(source));
  if (missing.length > 0) {
    await ensureInterpreter(interpreter, context.env, context.log);
    await ensureDevelopment(context.env, context.log);
  }
  for (const source of missing) {
    paths.set(source, await cache.add(source, await buildOne(source, options)));
  }
  await cache.commit();

  return sources.map((source) => ({
    distribution: source,
    path: paths.get(source) ?? "",
  }));
}

/** One after the other: a compiler takes all the processors, and the memory that it can get. */
async function buildOne(source: Source, options: BuildWheelsOptions): Promise<string> {
  const { env, log } = options.context;
  const started = performance.now();
  log.step(`Building ${describeSource(source)} from source`);
  // Some take half an hour without a word, and platforms end builds that say nothing.
  const signs = setInterval(() => {
    const minutes = Math.round((performance.now() - started) / 60_000);
    log.step(`Still building ${source.name} (${counted(minutes, "minute")})`);
  }, 60_000);
  try {
    const needs = furtherNeeds(source.name, env, options.lockFile);
    const compiler = await prepareCompiler(source, needs, options.context);
    const workplace = await createWorkplace(source, { ...options, compiler });
    const project = await obtainSource(source, workplace, options);
    const wheel = await buildWheel(source, project, workplace, { ...options, needs });
    checkName(source, wheel);
    await rm(workplace.environment, { recursive: true, force: true });
    await rm(workplace.source, { recursive: true, force: true });
    log.step(`Done (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    return wheel;
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
