import { lstatSync } from "node:fs";
import { rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { Env } from "../../cnb/env.ts";
import { makeDirectory } from "../../cnb/files.ts";
import { capture } from "../../kit/command.ts";
import { toolEnv } from "../../kit/tool-env.ts";
import { pathsOf, type PrefixRecord, recordPath } from "./record.ts";

/**
 * Keeps what a heavy package has outside of its layer: its modules, its programs, the links into
 * its layer, its record. With that, an environment is made anew without the package, whose layer is
 * in the previous image. The record must have been written; bytecode is compiled again.
 */
export async function saveLightPart(
  prefix: string,
  record: PrefixRecord,
  archive: string,
  env: Env,
): Promise<void> {
  const paths = pathsOf(record)
    .filter(({ path_type }) => path_type !== "pyc_file")
    .map(({ _path }) => _path);
  await makeDirectory(dirname(archive));
  await capture("tar", [...CREATE, "--files-from=-", "--file", `${archive}.draft`], {
    env: toolEnv(env),
    cwd: prefix,
    input: [...paths, recordPath(record)].sort().join("\0"),
  });
  await rename(`${archive}.draft`, archive);
}

/**
 * Puts it into a new prefix. Where it has files at some of their places, gives those paths and
 * does nothing: another package has them now, and the engine must say whose counts. Throws a
 * CommandError where the archive can't be read.
 */
export async function restoreLightPart(
  prefix: string,
  archive: string,
  env: Env,
): Promise<readonly string[]> {
  const options = { env: toolEnv(env) };
  const list = ["--list", "--zstd", "--quoting-style=literal", "--file", archive];
  const { stdout } = await capture("tar", list, options);
  const paths = stdout.split("\n").filter((path) => path !== "");
  const colliding = paths.filter((path) => isTaken(prefix, path));
  if (colliding.length > 0) return colliding;
  await makeDirectory(prefix);
  await capture(
    "tar",
    ["--extract", "--zstd", "--preserve-permissions", "--file", archive, "--directory", prefix],
    options,
  );
  return [];
}

/** Equal contents give equal archives, which are not saved again. */
const CREATE = [
  ...["--create", "--zstd", "--null", "--no-recursion"],
  ...["--hard-dereference", "--mtime=@315532801"],
  ...["--owner=0", "--group=0", "--numeric-owner", "--format=gnu"],
];

function isTaken(prefix: string, path: string): boolean {
  const stats = lstatSync(`${prefix}/${path}`, { throwIfNoEntry: false });
  return stats !== undefined && !(path.endsWith("/") && stats.isDirectory());
}
