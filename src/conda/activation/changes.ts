import { append, defaultTo, type EnvChange, override, prepend } from "../../cnb/layer-env.ts";
import type { Variables } from "./source-scripts.ts";

/** What three runs of the same scripts have come to, from which the static environment follows. */
export interface Runs {
  /** What a process of the image has without the prefix. */
  readonly base: Variables;
  /** What files without scripts set before. */
  readonly declared: Variables;
  readonly first: Variables;
  /** In another time zone, with other process ids. */
  readonly second: Variables;
  /** With these values set before, one for each variable that the scripts change. */
  readonly probes: Variables;
  readonly probed: Variables;
  /** Whether a value is bound to this build, as one is that holds the time. */
  readonly isOfBuild: (value: string) => boolean;
}

export interface StaticChanges {
  readonly changes: Readonly<Record<string, EnvChange>>;
  /** What no layer can say, by variable: what the script that did it last does with it. */
  readonly dropped: ReadonlyMap<string, string>;
}

export function staticChanges(runs: Runs): StaticChanges {
  const { base, declared, first, second, probes, probed } = runs;
  const changes: Record<string, EnvChange> = {};
  const dropped = new Map<string, string>();
  for (const name of namesOf(first, second, probed, probes)) {
    const value = first[name];
    if (isExportedFunction(name)) {
      dropped.set(name, `exports the function ${functionName(name)}, which bash alone knows`);
    } else if (isShellsOwn(name) || isBackup(name, first)) {
      continue;
    } else if (value !== second[name]) {
      dropped.set(name, `sets ${name} to another value at each start; it is left out`);
    } else if (name === "PATH") {
      const { added, isInFront } = compareWithBase(value, base[name]);
      if (added !== "") changes[name] = prepend(added, ":");
      if (!isInFront)
        dropped.set(name, `changes PATH; in the image, ${added} stands in front of it`);
    } else if (value === undefined) {
      const isUnset = name in probes && probed[name] === undefined;
      if (isUnset) dropped.set(name, `unsets ${name}, which an image's environment can't`);
    } else if (value === declared[name]) {
      // A deployment's own value counts more than this, but the run image's does not.
      changes[name] = name in base ? override(value) : defaultTo(value);
    } else if (value !== base[name] && runs.isOfBuild(value)) {
      dropped.set(name, `sets ${name} to a value of this build; it is left out`);
    } else if (value !== base[name]) {
      changes[name] = changeOf(value, probes[name], probed[name]);
    }
  }
  return { changes, dropped };
}

/**
 * From what a script makes of a variable that has a value already: some keep it, and some put
 * theirs before or behind it.
 */
function changeOf(value: string, probe: string | undefined, result: string | undefined): EnvChange {
  if (probe === undefined || result === undefined) return override(value);
  if (result === probe) return defaultTo(value);
  const [before = "", after = "", ...more] = result.split(probe);
  if (more.length > 0) return override(value);
  const [, ahead, leading] = /^(.+)([:;, ])$/s.exec(before) ?? [];
  // Without a value there, many leave the delimiter.
  if (ahead !== undefined && leading !== undefined && after === "") {
    if (value === ahead || value === ahead + leading) return prepend(ahead, leading);
  }
  const [, trailing, behind] = /^([:;, ])(.+)$/s.exec(after) ?? [];
  if (behind !== undefined && trailing !== undefined && before === "") {
    if (value === behind || value === trailing + behind) return append(behind, trailing);
  }
  return override(value);
}

/** Whatever scripts do to PATH, the directories of other layers stay in it. */
function compareWithBase(
  path: string | undefined,
  base: string | undefined,
): { readonly added: string; readonly isInFront: boolean } {
  const own = directoriesOf(base);
  const all = directoriesOf(path);
  const added = [...new Set(all.filter((one) => !own.includes(one)))];
  return { added: added.join(":"), isInFront: [...added, ...own].join(":") === all.join(":") };
}

function directoriesOf(path: string | undefined): readonly string[] {
  return (path ?? "").split(":").filter((one) => one !== "");
}

function namesOf(...all: readonly Variables[]): readonly string[] {
  return [...new Set(all.flatMap((one) => Object.keys(one)))].sort();
}

/** Of bash, and of conda where it calls itself or writes a prompt. */
export function isShellsOwn(name: string): boolean {
  return SHELLS_OWN.has(name) || /^_CE_|^__CONDA_SHLVL_/.test(name);
}

const SHELLS_OWN = new Set(["_", "CONDA_PROMPT_MODIFIER", "OLDPWD", "PWD", "SHLVL"]);

/** What deactivation would put back: CONDA_BACKUP_CC, _CONDA_SET_GDAL_DATA, JAVA_HOME_CONDA_BACKUP. */
function isBackup(name: string, all: Variables): boolean {
  if (/^(?:CONDA_BACKUP|_CONDA_SET)_|_CONDA(?:_\w+)?_BACKUP$/.test(name)) return true;
  const original = /^(.+)_BACKUP$/.exec(name)?.[1];
  return original !== undefined && original in all;
}

/** bash keeps them as BASH_FUNC_name%%, and no layer can name anything of that kind. */
function isExportedFunction(name: string): boolean {
  return !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

function functionName(name: string): string {
  return name.replace(/^BASH_FUNC_(.*)%%$/s, "$1");
}
