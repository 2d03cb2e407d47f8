import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Every place on PATH that has this program, in PATH's order. */
export function findOnPath(program: string): readonly string[] {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((directory) => directory !== "")
    .map((directory) => join(directory, program))
    .filter(isExecutable);
}

export function isOnPath(program: string): boolean {
  return findOnPath(program).length > 0;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
