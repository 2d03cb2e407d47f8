import { RuleViolation } from "./rule.ts";
import type { TomlTable } from "./toml.ts";

/** A process of the image. The command is not run by a shell. Specification: "launch.toml". */
export interface Process {
  readonly type: string;
  /** Program and the arguments that a user's own arguments do not replace. */
  readonly command: readonly [string, ...string[]];
  /** Arguments that are replaced by those given to `docker run`. */
  readonly args?: readonly string[];
  readonly default?: boolean;
  /** Absolute, or relative to the app directory; the app directory where absent. */
  readonly workingDirectory?: string;
}

/** Files of the app that are stored in a layer of their own: globs relative to the app directory. */
export interface Slice {
  readonly paths: readonly string[];
}

export interface Launch {
  readonly processes?: readonly Process[];
  readonly labels?: { readonly [key: string]: string };
  readonly slices?: readonly Slice[];
}

export function launchTable(launch: Launch): TomlTable {
  const processes = launch.processes ?? [];
  const defaults = processes.filter((process) => process.default === true);
  if (defaults.length > 1) {
    throw new RuleViolation("process-default-once", defaults.map(({ type }) => type).join(", "));
  }
  return {
    labels: Object.entries(launch.labels ?? {}).map(([key, value]) => {
      if (key === "") throw new RuleViolation("label-key", `= ${JSON.stringify(value)}`);
      return { key, value };
    }),
    processes: processes.map(processTable),
    slices: (launch.slices ?? []).map(({ paths }) => ({ paths: [...paths] })),
  };
}

function processTable(process: Process): TomlTable {
  if (!/^[A-Za-z0-9._-]+$/.test(process.type)) {
    throw new RuleViolation("process-type", JSON.stringify(process.type));
  }
  if (process.command.length === 0 || process.command[0] === "") {
    throw new RuleViolation("process-command", JSON.stringify(process.command));
  }
  return {
    type: process.type,
    command: [...process.command],
    args: [...(process.args ?? [])],
    default: process.default ?? false,
    "working-dir": process.workingDirectory,
  };
}
