import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { writeFileWhole } from "../../cnb/files.ts";
import { compareTexts } from "../../kit/text.ts";
import { namesIn } from "../names-in.ts";
import { RESERVED_VARIABLES } from "./reserved-variables.ts";
import type { Variables } from "./source-scripts.ts";

/** Something of an activation that is not as it would be in a shell. */
export interface ActivationReport {
  /** The file that it comes from, relative to the prefix. */
  readonly script: string;
  /** What the file does, without a full stop: "leaves the alias ll, …"; further lines are its own. */
  readonly what: string;
}

/** Variables that packages and the environment file set before any script runs. */
export interface PrefixVariables {
  readonly variables: Variables;
  readonly reports: readonly ActivationReport[];
}

/** https://github.com/conda/ceps/blob/main/cep-0032.md#conda-metastate */
const STATE_FILE = "conda-meta/state";

/** https://github.com/conda/ceps/blob/main/cep-0032.md#etccondad-directories */
const PACKAGE_VARIABLES = "etc/conda/env_vars.d";

const variablesSchema = z.record(z.string(), z.string());

/**
 * Writes the environment file's `variables:` where `conda activate` and `conda env config vars list`
 * look for them; nothing where there are none.
 */
export async function writeState(prefix: string, variables: Variables): Promise<void> {
  const names = Object.keys(variables).sort(compareTexts);
  if (names.length === 0) return;
  const sorted = Object.fromEntries(names.map((name) => [name, variables[name]]));
  await writeFileWhole(join(prefix, STATE_FILE), `${JSON.stringify({ env_vars: sorted })}\n`);
}

/** Those of packages, file by file, then those of the environment file: the last one counts. */
export async function readPrefixVariables(
  prefix: string,
  ofEnvironment: Variables,
): Promise<PrefixVariables> {
  const reports: ActivationReport[] = [];
  const variables: Record<string, string> = {};
  for (const name of namesIn(join(prefix, PACKAGE_VARIABLES))) {
    const script = `${PACKAGE_VARIABLES}/${name}`;
    const found = parse(await readFile(join(prefix, script), "utf8"));
    if (found === undefined) {
      const what = "is no JSON object of texts and has no effect";
      reports.push({ script, what });
      continue;
    }
    reports.push(...setAll(variables, found, script));
  }
  reports.push(...setAll(variables, ofEnvironment, STATE_FILE));
  return { variables, reports };
}

function setAll(
  variables: Record<string, string>,
  found: Variables,
  script: string,
): readonly ActivationReport[] {
  const reports: ActivationReport[] = [];
  for (const [name, value] of Object.entries(found)) {
    // conda does so unless it is told otherwise (envvars_force_uppercase).
    // https://docs.conda.io/projects/conda/en/stable/user-guide/configuration/settings.html
    const upper = name.toUpperCase();
    const problem = problemWith(upper);
    if (problem !== undefined) {
      reports.push({ script, what: `names the variable '${name}', ${problem}; it is left out` });
      continue;
    }
    if (upper !== name) reports.push({ script, what: `sets ${name} as ${upper}, as conda does` });
    if (value === UNSET) delete variables[upper];
    else variables[upper] = value;
  }
  return reports;
}

/** How `conda env config vars unset` marks a variable that packages set. */
const UNSET = "***unset***";

function problemWith(name: string): string | undefined {
  if (RESERVED_VARIABLES.has(name)) return "which conda reserves for itself";
  return /^[A-Z_][A-Z0-9_]*$/.test(name) ? undefined : "which no shell can set";
}

function parse(text: string): Variables | undefined {
  try {
    return variablesSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
