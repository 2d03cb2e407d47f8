import { open, readFile, rm } from "node:fs/promises";
import { posix } from "node:path";
import { writeFileWhole } from "../../cnb/files.ts";
import { isCommon } from "../environment/places.ts";
import type { Tree } from "../environment/tree.ts";
import type { Generator, Workplace } from "./generator.ts";
import { withModules } from "./python-scripts.ts";

/**
 * Scripts and configurations name files by their place on a real system. Where a name is one of
 * the tree's, a copy with the tree's place takes the file's place: no variable could say it.
 */
export const texts: Generator = {
  name: "scripts and configurations with the places of this tree",
  run: async (place) => {
    const { tree } = place;
    const changed: string[] = [];
    for (const { path, mode, relocate } of await candidates(place)) {
      // Of whatever encoding: what is not ASCII stays as it is.
      const original = await readFile(tree.at(path), "latin1").catch(() => undefined);
      // A link to what only a maintainer script would make.
      if (original === undefined) continue;
      const text = original.includes("\0")
        ? relocateFirstLine(original, tree)
        : relocate(original, tree);
      if (text === original) continue;
      await rm(tree.at(path));
      await writeFileWhole(tree.at(path), Buffer.from(text, "latin1"), mode);
      changed.push(path);
    }
    return changed.length === 0 ? undefined : `${changed.length} of them`;
  },
};

/**
 * Only names of files, and what is in packages' own directories or is made there: other
 * directories are the image's as well.
 */
export function relocatePaths(text: string, tree: Tree): string {
  return replacePaths(text, tree, (path) => isOwn(path, tree));
}

/** Launchers name their directory by a variable: `LIBDIR=/usr/lib/$APPNAME`. */
function relocateScript(text: string, tree: Tree): string {
  return relocatePaths(
    withModules(text, tree).replaceAll(ENDING_IN_VARIABLE, (found, path: string, name: string) => {
      const value = new RegExp(`^\\s*(?:export\\s+)?${name}=(["']?)([\\w.+-]+)\\1\\s*$`, "m");
      const [, , word] = value.exec(text) ?? [];
      const whole = word === undefined ? undefined : merged(`${path}${word}`);
      return whole !== undefined && isOwn(whole, tree)
        ? found.replace(path, `${tree.path}${path}`)
        : found;
    }),
    tree,
  );
}

/** Of an archive that can be executed: what follows is no text. */
function relocateFirstLine(archive: string, tree: Tree): string {
  const end = archive.indexOf("\n");
  return `${relocatePaths(archive.slice(0, end), tree)}${archive.slice(end)}`;
}

/** https://manpages.debian.org/trixie/pkgconf-bin/pc.5.en.html */
function relocatePkgConfig(text: string, tree: Tree): string {
  return text.replaceAll(/(^|[\s=":]|-[IL])\/usr(?=[/\s"]|$)/gm, `$1${tree.path}/usr`);
}

/**
 * `gdal-config`, `pg_config` and their kind print flags for compilers: all directories of the tree
 * are meant, those that the image has as well included.
 */
function relocateConfigScript(text: string, tree: Tree): string {
  const prefixed = text.replaceAll(
    /^(\s*\w*prefix\w*=["']?)\/usr(?=["'\s]|$)/gim,
    `$1${tree.path}/usr`,
  );
  return replacePaths(prefixed, tree, (path) => tree.has(path));
}

function replacePaths(text: string, tree: Tree, isMeant: (path: string) => boolean): string {
  return text.replaceAll(ABSOLUTE, (found, before: string, named: string) => {
    const path = merged(named);
    if (!isMeant(path)) return found;
    return `${before}${tree.path}/${named.endsWith("/") ? `${path}/` : path}`;
  });
}

interface Candidate {
  readonly path: string;
  readonly mode: number;
  readonly relocate: (text: string, tree: Tree) => string;
}

async function candidates({ tree, indexes }: Workplace): Promise<readonly Candidate[]> {
  const files = indexes
    .flatMap(({ entries }) => entries)
    .filter((entry) => entry.kind === "file")
    .filter(({ path }) => tree.has(path) && !path.startsWith("usr/share/doc/"));
  const executable = files.filter(({ mode }) => (mode & 0o111) !== 0).map(({ path }) => path);
  const modules = files
    .filter(({ path, mode }) => MODULE.test(path) && (mode & 0o111) === 0)
    .map(({ path }) => path);
  const found: Candidate[] = [];
  for (const path of [...new Set(executable)].sort()) {
    if (!(await beginsWith(tree.at(path), "#!"))) continue;
    const relocate = /^usr\/bin\/[^/]*[-_]config/.test(path)
      ? relocateConfigScript
      : relocateScript;
    found.push({ path, mode: 0o755, relocate });
  }
  for (const path of modules) found.push({ path, mode: 0o644, relocate: relocatePaths });
  for (const path of PKG_CONFIG.flatMap((pattern) => tree.match(pattern))) {
    found.push({ path, mode: 0o644, relocate: relocatePkgConfig });
  }
  for (const path of CONFIGURATIONS.flatMap((pattern) => tree.match(pattern))) {
    if (!tree.isDirectory(path)) found.push({ path, mode: 0o644, relocate: relocatePaths });
  }
  for (const path of LINKER_SCRIPTS.flatMap((pattern) => tree.match(pattern))) {
    if (!(await beginsWith(tree.at(path), "\u007fELF"))) {
      found.push({ path, mode: 0o644, relocate: relocatePaths });
    }
  }
  return found;
}

async function beginsWith(path: string, start: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(start.length), 0, start.length, 0);
    return buffer.toString("latin1", 0, bytesRead) === start;
  } finally {
    await file.close();
  }
}

function merged(path: string): string {
  return posix
    .normalize(path)
    .replace(/^\//, "")
    .replace(/\/$/, "")
    .replace(/^(s?bin|lib(64)?)(?=\/)/, "usr/$1");
}

function isOwn(path: string, tree: Tree): boolean {
  if (tree.isDirectory(path)) return !isCommon(path);
  if (tree.has(path)) return true;
  const parent = posix.dirname(path);
  return parent !== "." && !isCommon(parent) && isOwn(parent, tree);
}

/** A whole path, alone or after a compiler's option, that is no part of a longer one. */
const ABSOLUTE =
  /(^|-[IL]|file:\/\/|[^A-Za-z0-9_./~$})-])(\/(?:usr|etc|s?bin|lib|lib64|opt|var\/lib)\/[A-Za-z0-9._+@%/-]*[A-Za-z0-9_+/-])/gm;
const ENDING_IN_VARIABLE =
  /(?<![A-Za-z0-9_./~$})-])(\/(?:usr|etc|opt)\/[A-Za-z0-9._+@%/-]*)\$\{?(\w+)\}?/gm;
/** What scripts read in. */
const MODULE = /^usr\/(share|lib)\/(?!perl\/).*\.(pm|pl|sh|tcl)$/;
const PKG_CONFIG = [
  "usr/lib/<triplet>/pkgconfig/*.pc",
  "usr/lib/pkgconfig/*.pc",
  "usr/share/pkgconfig/*.pc",
];
const LINKER_SCRIPTS = ["usr/lib/<triplet>/*.so", "usr/lib/*.so"];
/** Read by programs of the packages, which follow the names in them. */
const CONFIGURATIONS = [
  "etc/R/*",
  "etc/OpenCL/vendors/*.icd",
  "etc/vulkan/*.d/*.json",
  "usr/share/vulkan/*.d/*.json",
  "etc/glvnd/egl_vendor.d/*.json",
  "usr/share/glvnd/egl_vendor.d/*.json",
  "usr/lib/jvm/*/jvm.cfg",
];
