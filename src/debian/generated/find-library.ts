import { posix } from "node:path";
import { writeFileWhole } from "../../cnb/files.ts";
import { readElf } from "../../kit/elf.ts";
import type { Tree } from "../environment/tree.ts";
import type { Generator } from "./generator.ts";

/**
 * Python's `ctypes.util.find_library`, by which sounddevice, python-magic, pyzbar and many others
 * find their library, reads the cache of ldconfig, which only root can write. Then it asks `ld` and
 * `objdump`, which run images have not: these two answer it, and hand everything else on.
 * https://docs.python.org/3/library/ctypes.html#finding-shared-libraries
 * https://github.com/python/cpython/blob/v3.13.5/Lib/ctypes/util.py
 */
export const libraryFinder: Generator = {
  name: "the list of libraries for Python's find_library",
  run: async ({ tree, env }) => {
    const libraries = await listLibraries(tree, env["LD_LIBRARY_PATH"] ?? "");
    if (libraries.length === 0) return undefined;
    const list = tree.at(`${DIRECTORY}/libraries`);
    const lines = libraries.map(({ name, soname, path }) => `${name} ${soname} ${path}\n`);
    await writeFileWhole(list, lines.join(""));
    await writeFileWhole(tree.at(`${DIRECTORY}/ld`), answerOfLinker(list), 0o755);
    await writeFileWhole(tree.at(`${DIRECTORY}/objdump`), answerOfObjdump(list), 0o755);
    return `of ${libraries.length}`;
  },
};

interface Library {
  /** As for a compiler: "portaudio". */
  readonly name: string;
  readonly soname: string;
  /** Absolute. */
  readonly path: string;
}

/** As `ldconfig` lists them: by soname, and of several versions the newest. */
async function listLibraries(tree: Tree, searchPath: string): Promise<readonly Library[]> {
  const found = new Map<string, Library>();
  for (const directory of searchPath.split(":")) {
    if (!directory.startsWith(`${tree.path}/`)) continue;
    const names = tree.match(`${posix.relative(tree.path, directory)}/lib*.so.*`);
    for (const path of [...names].sort((a, b) => b.localeCompare(a, "en", { numeric: true }))) {
      const file = posix.basename(path);
      const [, name] = /^lib(.+?)\.so\./.exec(file) ?? [];
      if (name === undefined || found.has(name)) continue;
      const elf = await readElf(tree.at(path)).catch(() => undefined);
      if (elf?.soname === file) found.set(name, { name, soname: file, path: tree.at(path) });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `ld -t -L <directory> … -o /dev/null -l<name>` */
function answerOfLinker(list: string): string {
  return `#!/bin/sh
# Answers ctypes.util.find_library of Python.
for last; do :; done
if [ "$1" = -t ]; then
  while read -r name soname path; do
    if [ "$last" = "-l$name" ]; then
      echo "$path"
      exit 0
    fi
  done <'${list}'
fi
${handOn("ld")}`;
}

/** `objdump -p -j .dynamic <file>` */
function answerOfObjdump(list: string): string {
  return `#!/bin/sh
# Answers ctypes.util.find_library of Python.
if [ "$1 $2 $3" = "-p -j .dynamic" ]; then
  while read -r name soname path; do
    if [ "$4" = "$path" ]; then
      echo "  SONAME               $soname"
      exit 0
    fi
  done <'${list}'
fi
${handOn("objdump")}`;
}

/** To the program of this name that would have been found otherwise. */
function handOn(program: string): string {
  return `IFS=:
for directory in $PATH; do
  if [ -x "$directory/${program}" ] && ! [ "$directory/${program}" -ef "$0" ]; then
    exec "$directory/${program}" "$@"
  fi
done
echo '${program}: not found' >&2
exit 127
`;
}

const DIRECTORY = "usr/lib/ml-buildpacks/find-library";
