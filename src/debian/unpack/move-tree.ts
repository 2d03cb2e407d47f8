import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { posix } from "node:path";
import type { PackageEntry } from "../package-index.ts";
import { mergedPath, mergedTarget } from "./merge-usr.ts";

export interface Moved {
  /** Sorted by path; each directory comes before what is in it. */
  readonly entries: readonly PackageEntry[];
  /** Files that would run as their owner or group. */
  readonly setId: readonly string[];
  /** Devices, pipes and sockets, which stay behind. */
  readonly special: readonly string[];
}

/**
 * Moves the files of an unpacked package into a tree that may have those of others, below `usr/`
 * where they belong there. What umask, owners and a volume's setgid bit brought is taken away:
 * directories get mode 0755, files 0644 or, where their owner could execute them, 0755. Both
 * directories must be on one file system. Synchronous, since a promise for each file takes seconds.
 */
export function moveTree(from: string, to: string): Moved {
  const entries = new Map<string, PackageEntry>();
  const setId: string[] = [];
  const special: string[] = [];
  makeDirectory(to);
  moveDirectory("");
  return {
    entries: [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    setId: setId.sort(),
    special: special.sort(),
  };

  function moveDirectory(directory: string): void {
    for (const name of readdirSync(`${from}/${directory}`)) {
      moveEntry(posix.join(directory, name));
    }
  }

  function moveEntry(original: string): void {
    const source = `${from}/${original}`;
    const stats = lstatSync(source);
    const path = mergedPath(original);
    const destination = `${to}/${path}`;
    if (stats.isDirectory()) {
      if (path !== original) addAbove(path);
      if (!entries.has(path)) {
        if (kindOf(destination) === "link") rmSync(destination);
        makeDirectory(destination);
      }
      entries.set(path, { kind: "directory", path });
      // One that its owner may not read would stop the walk.
      if ((stats.mode & 0o700) !== 0o700) chmodSync(source, 0o755);
      moveDirectory(original);
    } else if (stats.isSymbolicLink()) {
      const written = readlinkSync(source);
      // Such a link is what the directories themselves are here.
      if (path === mergedPath(posix.join(posix.dirname(path), written)) && path !== original)
        return;
      const target = mergedTarget(original, written);
      addAbove(path);
      // Another package's file or directory at the same path stays, in whatever order they come.
      if (!["file", "directory"].includes(kindOf(destination))) {
        rmSync(destination, { force: true });
        symlinkSync(target, destination);
      }
      entries.set(path, { kind: "link", path, target });
    } else if (stats.isFile()) {
      const mode = (stats.mode & 0o100) === 0 ? 0o644 : 0o755;
      if ((stats.mode & 0o6000) !== 0) setId.push(path);
      if ((stats.mode & 0o7777) !== mode) chmodSync(source, mode);
      addAbove(path);
      if (kindOf(destination) !== "directory") renameSync(source, destination);
      entries.set(path, { kind: "file", path, mode, size: stats.size });
    } else {
      special.push(path);
    }
  }

  /** `usr` itself is missing from packages that have files only in `/bin`. */
  function addAbove(path: string): void {
    const above = posix.dirname(path);
    if (above === "." || entries.has(above)) return;
    addAbove(above);
    makeDirectory(`${to}/${above}`);
    entries.set(above, { kind: "directory", path: above });
  }
}

function kindOf(path: string): "none" | "link" | "directory" | "file" {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return "none";
  return stats.isSymbolicLink() ? "link" : stats.isDirectory() ? "directory" : "file";
}

/** Whatever the umask, and without the setgid bit that a volume's directories hand down. */
export function makeDirectory(path: string): void {
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o755);
}
