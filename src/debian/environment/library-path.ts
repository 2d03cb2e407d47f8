import { access, readFile, realpath } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { type ElfObject, readElf } from "../../kit/elf.ts";
import type { Tree } from "./tree.ts";

/**
 * The directories of a tree that the dynamic linker must look into, relative to it: the
 * standard ones, what packages add to ld.so.conf, and any other directory that holds a library
 * which something in the tree needs and finds in no other way. A directory of plugins is never
 * among them, since nothing names a plugin as needed.
 *
 * `systemDirectories` are those of the image, whose libraries come before a package's private
 * copy of the same name. https://man7.org/linux/man-pages/man8/ld.so.8.html
 */
export async function findLibraryPath(
  tree: Tree,
  systemDirectories: readonly string[] = [`/usr/lib/${tree.triplet}`, "/usr/lib", "/usr/local/lib"],
): Promise<readonly string[]> {
  const places = librariesByDirectory(tree);
  const standard = [
    ...STANDARD.map((directory) => directory.replace("<triplet>", tree.triplet)),
    ...(await configured(tree)),
  ].filter((directory) => places.has(directory));
  const reached = new Set(standard.flatMap((directory) => places.get(directory) ?? []));
  const homes = firstHomes(places);
  const further = new Set<string>();
  for (const { path, elf } of await readObjects(tree)) {
    for (const library of elf.needed) {
      if (library.includes("/") || reached.has(library)) continue;
      const home = homes.get(library);
      if (home === undefined || further.has(home)) continue;
      if (await isThere(systemDirectories.map((directory) => join(directory, library)))) continue;
      if (await reachesByRunpath(tree, path, elf.runPaths, library)) continue;
      further.add(home);
    }
  }
  const linked: string[] = [];
  for (const directory of [...further].sort()) {
    if (await isLinkedFrom(tree, directory, standard, places)) linked.push(directory);
  }
  return [...new Set([...linked, ...standard, ...[...further].sort()])];
}

/**
 * Whether a directory's libraries are also in the standard ones, as links to it and never as others.
 * On a real system their users' runpath comes first; LibreOffice looks for files beside the library
 * as it was found.
 */
async function isLinkedFrom(
  tree: Tree,
  directory: string,
  standard: readonly string[],
  places: ReadonlyMap<string, readonly string[]>,
): Promise<boolean> {
  const own = new Set(places.get(directory));
  let links = 0;
  for (const other of standard) {
    for (const name of places.get(other) ?? []) {
      if (!own.has(name)) continue;
      const files = [`${directory}/${name}`, `${other}/${name}`].map((path) => tree.at(path));
      const [here, there] = await Promise.all(
        files.map(async (path) => realpath(path).catch(() => path)),
      );
      if (here !== there) return false;
      links += 1;
    }
  }
  return links > 0;
}

function librariesByDirectory(tree: Tree): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>();
  for (const path of tree.files()) {
    if (!LIBRARY.test(path)) continue;
    const directory = posix.dirname(path);
    const names = places.get(directory);
    if (names === undefined) places.set(directory, [posix.basename(path)]);
    else names.push(posix.basename(path));
  }
  return places;
}

function firstHomes(places: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, string> {
  const homes = new Map<string, string>();
  for (const [directory, names] of places) {
    for (const name of names) if (!homes.has(name)) homes.set(name, directory);
  }
  return homes;
}

/** What `ldconfig` would add. https://man7.org/linux/man-pages/man8/ldconfig.8.html */
async function configured(tree: Tree): Promise<readonly string[]> {
  const files = tree.match("etc/ld.so.conf.d/*.conf");
  const texts = await Promise.all(files.map(async (file) => readFile(tree.at(file), "utf8")));
  return texts
    .flatMap((text) => text.split("\n"))
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line.startsWith("/"))
    .map((line) => line.slice(1).replace(/^lib\//, "usr/lib/"));
}

async function readObjects(
  tree: Tree,
): Promise<readonly { readonly path: string; readonly elf: ElfObject }[]> {
  const candidates = tree.files().filter((path) => PLACES.test(path) && OBJECT.test(path));
  const found: { path: string; elf: ElfObject }[] = [];
  for (let start = 0; start < candidates.length; start += READ_AT_ONCE) {
    const batch = candidates.slice(start, start + READ_AT_ONCE).map(async (path) => {
      const elf = await readElf(tree.at(path)).catch(() => undefined);
      return elf === undefined ? [] : [{ path, elf }];
    });
    found.push(...(await Promise.all(batch)).flat());
  }
  return found;
}

/**
 * `$ORIGIN` of a program is where its file really lies (the kernel resolves links); that of a
 * library is where it was found.
 */
async function reachesByRunpath(
  tree: Tree,
  path: string,
  runpath: readonly string[],
  library: string,
): Promise<boolean> {
  if (!runpath.some((directory) => ORIGIN.test(directory))) return false;
  const file = LIBRARY.test(path) ? tree.at(path) : await realpath(tree.at(path));
  const directories = runpath
    .filter((directory) => ORIGIN.test(directory))
    .map((directory) => directory.replace(ORIGIN, dirname(file)));
  return isThere(directories.map((directory) => join(directory, library)));
}

async function isThere(paths: readonly string[]): Promise<boolean> {
  for (const path of paths) {
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (there) return true;
  }
  return false;
}

const STANDARD = [
  ...["usr/local/lib", "usr/local/lib/<triplet>", "usr/lib/<triplet>", "usr/lib"],
  // Wheels load its libraries by name.
  // https://awsdocs-neuron.readthedocs-hosted.com/en/latest/neuron-runtime/nrtpy/nrtpy-troubleshooting.html
  "opt/aws/neuron/lib",
];
const LIBRARY = /\.so(\.[^/]+)*$/;
const PLACES = /^(usr\/(local\/)?(s?bin|games|lib|libexec)|opt)\//;
/** Programs have no extension, libraries have this one. */
const OBJECT = /\.so(\.[^/]+)*$|(^|\/)[^./]+$/;
const ORIGIN = /\$(ORIGIN|\{ORIGIN\})/;
const READ_AT_ONCE = 32;
