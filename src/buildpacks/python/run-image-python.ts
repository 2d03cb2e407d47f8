import { readlink } from "node:fs/promises";
import { basename } from "node:path";
import { readInstalledPackages, RUN_IMAGE_STATUS } from "../../debian/run-image.ts";
import { failure } from "./failures.ts";

/** The interpreter that the run image brings; the build image has the same at the same path. */
export interface RunImagePython {
  readonly path: string;
  /** "3.13.5" */
  readonly version: string;
}

const INTERPRETER = "/usr/bin/python3";

/**
 * Read from Debian's records, since starting Python would cost more than all the rest of a build in
 * which nothing has changed.
 */
export async function findRunImagePython(
  interpreter = INTERPRETER,
  statusFile = RUN_IMAGE_STATUS,
): Promise<RunImagePython> {
  const target = await readlink(interpreter).catch(() => undefined);
  if (target === undefined) throw failure("interpreter-missing", { path: interpreter });

  const packages = await readInstalledPackages(statusFile);
  const version = /^\d+\.\d+\.\d+/.exec(packages.get(basename(target)) ?? "")?.[0];
  if (version === undefined) throw failure("interpreter-missing", { path: interpreter });
  return { path: interpreter, version };
}
