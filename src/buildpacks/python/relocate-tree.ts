import { chmod, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Replaces the directory that uv has installed into, in the few text files that name it: what
 * compiling extensions reads, pkg-config's files and scripts. The interpreter itself finds its
 * library from where it is.
 */
export async function relocateTree(tree: string, previous: string): Promise<void> {
  for (const file of await filesThatMayNameIt(tree)) {
    const content = await readFile(file, "latin1");
    if (content.startsWith("\u007fELF") || !content.includes(previous)) continue;
    const { mode } = await stat(file);
    await writeFile(file, content.replaceAll(previous, tree), "latin1");
    await chmod(file, mode);
  }
}

async function filesThatMayNameIt(tree: string): Promise<readonly string[]> {
  const library = join(tree, "lib");
  const versions = await directoriesIn(library, /^python3\.\d+$/);
  const configurations = await Promise.all(
    versions.map((version) => directoriesIn(version, /^config-/)),
  );
  const groups = await Promise.all([
    filesIn(join(tree, "bin"), /./),
    filesIn(join(library, "pkgconfig"), /\.pc$/),
    ...versions.map((version) => filesIn(version, /^_sysconfig/)),
    ...configurations.flat().map((configuration) => filesIn(configuration, /./)),
  ]);
  return groups.flat();
}

async function filesIn(directory: string, name: RegExp): Promise<readonly string[]> {
  return entriesIn(directory, name, (entry) => entry.isFile());
}

async function directoriesIn(directory: string, name: RegExp): Promise<readonly string[]> {
  return entriesIn(directory, name, (entry) => entry.isDirectory());
}

async function entriesIn(
  directory: string,
  name: RegExp,
  isWanted: (entry: { isFile(): boolean; isDirectory(): boolean }) => boolean,
): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    },
  );
  return entries
    .filter((entry) => name.test(entry.name) && isWanted(entry))
    .map((entry) => join(directory, entry.name));
}
