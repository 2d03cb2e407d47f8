import type { PackageEntry, PackageIndex } from "../../src/debian/package-index.ts";

/** A package with these files; the directories above them are its own, too. */
export function packageIndex(
  name: string,
  files: readonly (string | PackageEntry)[],
  more: Partial<PackageIndex> = {},
): PackageIndex {
  const entries = new Map<string, PackageEntry>();
  for (const one of files) {
    const entry: PackageEntry =
      typeof one === "string" ? { kind: "file", path: one, mode: 0o644, size: 1000 } : one;
    const names = entry.path.split("/");
    for (const length of names.keys()) {
      const path = names.slice(0, length).join("/");
      if (path !== "") entries.set(path, { kind: "directory", path });
    }
    entries.set(entry.path, entry);
  }
  return {
    name,
    version: "1.0-1",
    arch: "amd64",
    sha256: "0".repeat(64),
    entries: [...entries.values()],
    alternatives: [],
    diversions: [],
    replaces: [],
    notDone: [],
    licenses: [],
    source: name,
    ...more,
  };
}

export function linkEntry(path: string, target: string): PackageEntry {
  return { kind: "link", path, target };
}

export function fileEntry(path: string, size: number): PackageEntry {
  return { kind: "file", path, mode: 0o644, size };
}
