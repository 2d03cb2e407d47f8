import { readdir } from "node:fs/promises";
import { join, posix } from "node:path";

/** The merged tree of an app's Debian packages, read once. Paths are relative to it. */
export interface Tree {
  /** Absolute. */
  readonly path: string;
  /** `x86_64-linux-gnu`. https://wiki.debian.org/Multiarch/Tuples */
  readonly triplet: string;
  /** Whether there is a file, a link or a directory. */
  has(path: string): boolean;
  isDirectory(path: string): boolean;
  /**
   * What matches a pattern, sorted: `*` stands for any part of one name, `<triplet>` for
   * the architecture's.
   */
  match(pattern: string): readonly string[];
  /** Files and links below a directory at any depth, sorted; of the whole tree by default. */
  files(directory?: string): readonly string[];
  at(path: string): string;
}

export function tripletOf(arch: "amd64" | "arm64"): string {
  return TRIPLETS[arch];
}

/** https://wiki.debian.org/Multiarch/Tuples */
export const TRIPLETS = { amd64: "x86_64-linux-gnu", arm64: "aarch64-linux-gnu" } as const;

export async function readTree(path: string, triplet: string): Promise<Tree> {
  const children = new Map<string, readonly string[]>();
  const files: string[] = [];
  await walk(path, "", children, files);
  files.sort();
  const present = new Set(files);
  const match = (pattern: string): readonly string[] =>
    pattern
      .replaceAll("<triplet>", triplet)
      .split("/")
      .reduce<readonly string[]>(
        (found, segment) => found.flatMap((directory) => step(directory, segment)),
        [""],
      );
  const step = (directory: string, segment: string): readonly string[] => {
    if (!segment.includes("*")) {
      const next = posix.join(directory, segment);
      return present.has(next) || children.has(next) ? [next] : [];
    }
    const name = new RegExp(`^${segment.split("*").map(escapeRegExp).join(".*")}$`);
    const names = children.get(directory) ?? [];
    return names.filter((child) => name.test(child)).map((child) => posix.join(directory, child));
  };
  return {
    path,
    triplet,
    has: (wanted) => present.has(wanted) || children.has(wanted),
    isDirectory: (wanted) => children.has(wanted),
    match,
    files: (directory) =>
      directory === undefined ? files : files.filter((file) => file.startsWith(`${directory}/`)),
    at: (relative) => join(path, relative),
  };
}

async function walk(
  root: string,
  directory: string,
  children: Map<string, readonly string[]>,
  files: string[],
): Promise<void> {
  const entries = await readdir(join(root, directory), { withFileTypes: true });
  children.set(directory, entries.map(({ name }) => name).sort());
  for (const entry of entries) {
    const path = posix.join(directory, entry.name);
    if (entry.isDirectory()) await walk(root, path, children, files);
    else files.push(path);
  }
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
