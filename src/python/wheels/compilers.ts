import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { writeFileWhole } from "../../cnb/files.ts";

/**
 * Writes programs with the names of the compilers on `path`, which run them and add what leaves
 * debug information and the build's own paths out of binaries.
 *
 * Not with CFLAGS: setuptools takes it in place of the flags that Python itself was built with, so
 * that extensions would be built without `-O2`, and Meson lets it override the project's own.
 */
export async function wrapCompilers(
  directory: string,
  path: string,
  workplaceRoot: string,
): Promise<void> {
  const flags = `-g0 -ffile-prefix-map=${workplaceRoot}=/build`;
  for (const [name, compiler] of await findCompilers(path)) {
    const script = `#!/bin/sh\nexec ${compiler} "$@" ${flags}\n`;
    await writeFileWhole(join(directory, name), script, 0o755);
  }
}

/** The first of each name, as a shell finds them. */
async function findCompilers(path: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const directory of path.split(":").filter((entry) => entry.startsWith("/"))) {
    const names = await readdir(directory).catch(() => []);
    for (const name of names.filter((candidate) => COMPILER.test(candidate))) {
      if (!found.has(name)) found.set(name, join(directory, name));
    }
  }
  return found;
}

const COMPILER = /^(?:\w+-linux-gnu-)?(?:cc|gcc|clang|[cg]\+\+|clang\+\+)(?:-\d+)?$/;
