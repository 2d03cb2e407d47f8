import { join, relative } from "node:path";
import type { EnvDelta } from "../../cnb/layer-env.ts";
import type { Log } from "../../kit/log.ts";
import { counted, listed } from "../../kit/text.ts";
import { namesIn } from "../names-in.ts";
import { staticChanges } from "./changes.ts";
import { describeScript, hasFailed } from "./describe-script.ts";
import { type ActivationReport, readPrefixVariables, writeState } from "./prefix-variables.ts";
import { startsProgramOf } from "./programs-of-prefix.ts";
import { runThrice } from "./run-thrice.ts";
import type { SourcedScript, Variables } from "./source-scripts.ts";
import { findWritten } from "./written-files.ts";

export interface ActivationRequest {
  /** With all its packages in it, at the path that it has in the image. */
  readonly prefix: string;
  /** The environment file's `variables:`. */
  readonly variables: Variables;
  readonly log: Pick<Log, "debug">;
  /** How long the scripts may take together. */
  readonly seconds?: number;
}

export interface Activation {
  /** What `conda activate` does, for each process of the image. */
  readonly delta: EnvDelta;
  /** What can't be static, and what did not work. */
  readonly reports: readonly ActivationReport[];
  /** Whether a script failed, which may be for want of a file in the prefix. */
  readonly hasFailed: boolean;
  /** Whether a script has started a program of the prefix, which may read any file of it. */
  readonly usesPrograms: boolean;
}

/**
 * Runs what activation runs, once and in an environment that is always the same, and gives its
 * effect as data. Writes the environment file's variables into the prefix, too.
 * https://github.com/conda/ceps/blob/main/cep-0032.md#activating-and-deactivating-an-environment
 */
export async function activate(request: ActivationRequest): Promise<Activation> {
  const { prefix, log, seconds = 60 } = request;
  await writeState(prefix, request.variables);
  const { variables: declared, reports } = await readPrefixVariables(prefix, request.variables);
  const scripts = findScripts(prefix);
  const start = { ...startOf(prefix), ...declared };
  const run = () => runThrice(scripts, { start, seconds });
  const { result: runs, written } =
    scripts.length === 0 ? { result: await run(), written: [] } : await findWritten(prefix, run);
  const { changes, dropped } = staticChanges({ base: BASE, declared, ...runs });
  return {
    delta: { launch: changes },
    hasFailed: runs.scripts.some(hasFailed),
    usesPrograms: startsProgramOf(prefix, runs.tracing, pathsIn(runs.scripts, start)),
    reports: [
      ...reports,
      ...runs.scripts.flatMap((script) => describeScript(script, prefix, log)),
      ...attribute(dropped, runs.scripts, { start, prefix }),
      ...describeWritten(written, runs.scripts, prefix),
    ],
  };
}

/** As in the run image: the build's proxies, settings and credentials are no script's business. */
const BASE: Variables = {
  HOME: "/home/cnb",
  LANG: "C.UTF-8",
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
};

/** As conda names a prefix that is not one of its own `envs`: by its path. */
function startOf(prefix: string): Variables {
  return {
    ...BASE,
    PATH: `${join(prefix, "bin")}:${BASE["PATH"]}`,
    CONDA_PREFIX: prefix,
    CONDA_DEFAULT_ENV: prefix,
    CONDA_SHLVL: "1",
    CONDA_PROMPT_MODIFIER: "",
  };
}

const SCRIPTS = "etc/conda/activate.d";

function findScripts(prefix: string): readonly string[] {
  const names = namesIn(join(prefix, SCRIPTS));
  return names.filter((name) => name.endsWith(".sh")).map((name) => join(prefix, SCRIPTS, name));
}

/** All values that PATH has had. */
function pathsIn(scripts: readonly SourcedScript[], start: Variables): readonly string[] {
  const later = scripts.flatMap(({ outcome }) => (outcome.kind === "ended" ? [] : [outcome.env]));
  return [start, ...later].flatMap(({ PATH }) => PATH ?? []);
}

/** Each to the last script that has changed the variable in the first run. */
function attribute(
  dropped: ReadonlyMap<string, string>,
  scripts: readonly SourcedScript[],
  { start, prefix }: { readonly start: Variables; readonly prefix: string },
): readonly ActivationReport[] {
  const changers = new Map<string, string>();
  let before = start;
  for (const { path, outcome } of scripts) {
    if (outcome.kind === "ended") continue;
    for (const name of dropped.keys()) {
      if (outcome.env[name] !== before[name]) changers.set(name, relative(prefix, path));
    }
    before = outcome.env;
  }
  const fallback = nameOfAll(scripts, prefix);
  return [...dropped].map(([name, what]) => ({ script: changers.get(name) ?? fallback, what }));
}

/** Equal packages have to give equal bytes, and a script may write what it likes. */
function describeWritten(
  written: readonly string[],
  scripts: readonly SourcedScript[],
  prefix: string,
): readonly ActivationReport[] {
  if (written.length === 0) return [];
  const shown = listed(written.slice(0, SHOWN));
  const others = written.length > SHOWN ? ` and ${counted(written.length - SHOWN, "other")}` : "";
  const what = `writes into the prefix, which activation should not: ${shown}${others}`;
  return [{ script: nameOfAll(scripts, prefix), what }];
}

const SHOWN = 5;

/** The one script where there is one, else their directory. */
function nameOfAll(scripts: readonly SourcedScript[], prefix: string): string {
  const [first, ...others] = scripts;
  return first === undefined || others.length > 0 ? SCRIPTS : relative(prefix, first.path);
}
