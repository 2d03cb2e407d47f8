import { readFile, readlink } from "node:fs/promises";
import { basename } from "node:path";
import { failure } from "./failures.ts";

/** The interpreter that the run image brings; the build image has the same at the same path. */
export interface RunImagePython {
  readonly path: string;
  /** "3.13.5" */
  readonly version: string;
}

const INTERPRETER = "/usr/bin/python3";
const PACKAGES = "/usr/share/ml-buildpacks/run-image-dpkg-status";

/**
 * Read from Debian's records, since starting Python would cost more than all the rest of a build in
 * which nothing has changed.
 */
export async function findRunImagePython(
  interpreter = INTERPRETER,
  packages = PACKAGES,
): Promise<RunImagePython> {
  const target = await readlink(interpreter).catch(() => undefined);
  if (target === undefined) throw failure("interpreter-missing", { path: interpreter });

  const status = await readFile(packages, "utf8").catch(() => "");
  const version = packageVersion(status, basename(target));
  if (version === undefined) throw failure("interpreter-missing", { path: interpreter });
  return { path: interpreter, version };
}

function packageVersion(status: string, name: string): string | undefined {
  const paragraph = status
    .split("\n\n")
    .find((candidate) => candidate.startsWith(`Package: ${name}\n`));
  return /^Version: (\d+\.\d+\.\d+)/m.exec(paragraph ?? "")?.[1];
}
