import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { minorOf } from "../../python/version/lifetime.ts";

/**
 * Removes what an app does not need. Headers stay, since packages are compiled against them, and
 * ensurepip, since some tools make virtual environments while they run.
 */
export async function pruneTree(tree: string, version: string): Promise<void> {
  const minor = minorOf(version);
  const library = join(tree, "lib", `python${minor}`);
  const removed = [
    // uv's own note of the build, which the layer's metadata has.
    join(tree, "BUILD"),
    join(tree, "share", "man"),
    ...LIBRARY.map((path) => join(library, path)),
    ...(await namesIn(join(tree, "bin"), /^(?:pip|idle|pydoc|2to3)[\d.]*(?:-[\d.]+)?$/)),
    // The app's environment has no sight of these packages.
    ...(await namesIn(join(library, "site-packages"), /^(?:pip|setuptools|wheel)(?:-.*)?$/)),
    ...(await archivesIn(library)),
  ];
  await Promise.all(removed.map((path) => rm(path, { recursive: true, force: true })));
}

const LIBRARY = [
  "test",
  "ctypes/test",
  "distutils/tests",
  "idlelib",
  "lib2to3/tests",
  "sqlite3/test",
  "tkinter/test",
  "turtledemo",
  "unittest/test",
];

/** Python itself as a static library, some 100 MB. */
async function archivesIn(library: string): Promise<readonly string[]> {
  const configurations = await namesIn(library, /^config-/);
  return (await Promise.all(configurations.map((path) => namesIn(path, /\.a$/)))).flat();
}

async function namesIn(directory: string, pattern: RegExp): Promise<readonly string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return names.filter((name) => pattern.test(name)).map((name) => join(directory, name));
}
