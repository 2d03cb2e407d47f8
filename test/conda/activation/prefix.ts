import { join } from "node:path";
import { type Activation, activate } from "../../../src/conda/activation/activate.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

/** Activates a prefix with these files; scripts by their names in activate.d. */
export async function activateWith(given: {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly seconds?: number;
}): Promise<Activation & { readonly prefix: string; readonly debug: readonly string[] }> {
  const { scripts = {}, files = {}, variables = {}, seconds = 20 } = given;
  const prefix = join(await temporaryDirectory(), "prefix");
  const named = Object.entries(scripts).map(([name, text]) => [
    `etc/conda/activate.d/${name}`,
    text,
  ]);
  await writeFiles(prefix, { "conda-meta/history": "", ...files, ...Object.fromEntries(named) });
  const debug: string[] = [];
  const log = { debug: (line: string) => void debug.push(line) };
  return { prefix, debug, ...(await activate({ prefix, variables, log, seconds })) };
}

/** What it does to the environment, a line for each variable, but for what it always does. */
export function changesOf({ prefix, delta }: Activation & { readonly prefix: string }): string {
  return Object.entries(delta.launch ?? {})
    .filter(([name]) => !ALWAYS.has(name))
    .map(([name, change]) => {
      const delimiter = "delimiter" in change ? `'${change.delimiter}' ` : "";
      return `${name} ${change.kind} ${delimiter}${change.value}`.replaceAll(prefix, "<prefix>");
    })
    .join("\n");
}

export function reportsOf({ prefix, reports }: Activation & { readonly prefix: string }): string {
  return reports
    .map(({ script, what }) => `${script} ${what}`.replaceAll(prefix, "<prefix>"))
    .join("\n");
}

const ALWAYS = new Set(["CONDA_DEFAULT_ENV", "CONDA_PREFIX", "CONDA_SHLVL", "PATH"]);
