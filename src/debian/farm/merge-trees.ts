import { compareTexts } from "../../kit/text.ts";
import { posix } from "node:path";
import type { PackageEntry, PackageIndex } from "../package-index.ts";
import { relativeTarget, targetPath } from "../unpack/merge-usr.ts";
import { chooseAlternatives } from "./alternatives.ts";

/** What stands at a path of the merged tree. */
export type Node =
  | { readonly kind: "directory" }
  /** A file of a package; `path` is its place in the package, which a diversion may have changed. */
  | { readonly kind: "file"; readonly owner: PackageIndex; readonly path: string }
  /** A link whose text is final: in the tree, or out of it to the system's own files. */
  | { readonly kind: "link"; readonly owner: PackageIndex | undefined; readonly target: string };

/** Two packages with different files at one path, which dpkg would refuse to install together. */
export interface Clash {
  readonly path: string;
  readonly kept: string;
  readonly hidden: string;
}

export interface ChosenAlternative {
  readonly name: string;
  readonly link: string;
  readonly path: string;
  readonly owner: string;
}

export interface MergedTree {
  /** By path, sorted: a directory comes before what is in it. */
  readonly nodes: ReadonlyMap<string, Node>;
  readonly alternatives: readonly ChosenAlternative[];
  readonly clashes: readonly Clash[];
  /** Whether the tree has or will have a path, also through its links to directories. */
  readonly exists: (path: string) => boolean;
}

/**
 * One system's files, of all packages. Depends on the indexes alone, in whatever order. What
 * `isMade` tells of will be made in the tree, and counts as there: links to it lead into the tree.
 */
export function mergeTrees(
  indexes: readonly PackageIndex[],
  isMade: (path: string) => boolean = () => false,
): MergedTree {
  const { claims, clashes } = claimPaths(
    [...indexes].sort((a, b) => compareTexts(keyOf(a), keyOf(b))),
  );
  const alternatives = addAlternatives(indexes, claims);
  const exists = (path: string) => isMade(path) || realPath(claims, path) !== undefined;
  const nodes = new Map<string, Node>();
  for (const path of [...claims.keys()].sort(compareTexts)) {
    const claim = claims.get(path);
    if (claim !== undefined) nodes.set(path, nodeOf(path, claim, exists));
  }
  return { nodes, alternatives, clashes, exists };
}

interface Claim {
  readonly owner: PackageIndex | undefined;
  readonly entry: PackageEntry;
}

type Claims = Map<string, Claim>;

function claimPaths(indexes: readonly PackageIndex[]) {
  const claims: Claims = new Map();
  const clashes: Clash[] = [];
  const diversions = indexes.flatMap(({ name, diversions: those }) =>
    those.map(({ path, to }) => ({ by: name, path, to })),
  );
  for (const owner of indexes) {
    const moved = new Map(
      diversions.filter(({ by }) => by !== owner.name).map(({ path, to }) => [path, to]),
    );
    for (const entry of owner.entries) {
      const path = moved.get(entry.path) ?? entry.path;
      const earlier = claims.get(path);
      const claim = { owner, entry };
      if (earlier === undefined) {
        claims.set(path, claim);
        continue;
      }
      const winner = winnerOf(earlier, claim);
      claims.set(path, winner);
      const loser = winner === claim ? earlier : claim;
      if (isClash(winner, loser)) {
        clashes.push({
          path,
          kept: winner.owner?.name ?? "",
          hidden: loser.owner?.name ?? "",
        });
      }
    }
  }
  return { claims, clashes };
}

/** What Replaces says, then a directory, since other files are in it, then the later name. */
function winnerOf(earlier: Claim, later: Claim): Claim {
  if (earlier.entry.kind === "directory") return earlier;
  if (later.entry.kind === "directory") return later;
  return replaces(earlier, later) && !replaces(later, earlier) ? earlier : later;
}

/**
 * dpkg lets packages share directories, and a directory that one of them has as a link.
 * https://www.debian.org/doc/debian-policy/ch-relationships.html#overwriting-files-and-replacing-packages-replaces
 */
function isClash(winner: Claim, loser: Claim): boolean {
  const [one, other] = [winner.entry, loser.entry];
  if (one.kind === "directory") return other.kind === "file";
  if (replaces(winner, loser)) return false;
  if (one.kind === "file" && other.kind === "file") return one.size !== other.size;
  return !(one.kind === "link" && other.kind === "link" && one.target === other.target);
}

function replaces(one: Claim, other: Claim): boolean {
  return other.owner !== undefined && one.owner?.replaces.includes(other.owner.name) === true;
}

/** Adds the links of the alternatives that win; a path that a package has itself stays its own. */
function addAlternatives(
  indexes: readonly PackageIndex[],
  claims: Claims,
): readonly ChosenAlternative[] {
  const offers = indexes.flatMap(({ name: owner, alternatives }) =>
    alternatives.map((alternative) => ({ owner, alternative })),
  );
  const exists = (path: string) => realPath(claims, path) !== undefined;
  const chosen: ChosenAlternative[] = [];
  for (const { owner, alternative } of chooseAlternatives(offers, exists)) {
    const linked = [alternative, ...alternative.slaves.filter(({ path }) => exists(path))].filter(
      ({ link }) => !exists(link),
    );
    for (const { name, link, path } of linked) {
      const middle = `etc/alternatives/${name}`;
      addLink(claims, middle, path);
      addLink(claims, link, middle);
      chosen.push({ name, link, path, owner });
    }
  }
  return chosen;
}

function addLink(claims: Claims, path: string, goal: string): void {
  const above = posix.dirname(path);
  addDirectory(claims, above);
  const real = posix.join(realDirectory(claims, above), posix.basename(path));
  const target = relativeTarget(real, goal);
  claims.set(real, { owner: undefined, entry: { kind: "link", path: real, target } });
}

function realDirectory(claims: Claims, path: string): string {
  const real = realPath(claims, path) ?? path;
  const entry = claims.get(real)?.entry;
  if (entry?.kind !== "link") return real;
  const goal = realPath(claims, targetPath(entry.path, entry.target));
  // A link to a link is rare, and one to itself is nothing to follow.
  return goal === undefined || goal === real ? real : goal;
}

function addDirectory(claims: Claims, path: string): void {
  if (path === "." || realPath(claims, path) !== undefined) return;
  addDirectory(claims, posix.dirname(path));
  claims.set(path, { owner: undefined, entry: { kind: "directory", path } });
}

/**
 * A path of the tree without links in the directories above it; the last part may be one. None
 * where the tree doesn't have it.
 */
function realPath(
  claims: ReadonlyMap<string, Claim>,
  path: string,
  followed = 0,
): string | undefined {
  if (path === "" || claims.has(path)) return path;
  // As many as Linux follows: https://man7.org/linux/man-pages/man7/path_resolution.7.html
  if (followed === 40) return undefined;
  const names = path.split("/");
  for (let length = names.length - 1; length > 0; length--) {
    const above = names.slice(0, length).join("/");
    const entry = claims.get(above)?.entry;
    if (entry === undefined) continue;
    if (entry.kind !== "link") return undefined;
    const goal = targetPath(above, entry.target);
    return realPath(claims, posix.join(goal, ...names.slice(length)), followed + 1);
  }
  return undefined;
}

type Exists = (path: string) => boolean;

function nodeOf(path: string, { owner, entry }: Claim, exists: Exists): Node {
  switch (entry.kind) {
    case "directory":
      return { kind: "directory" };
    case "file":
      // Only packages have files.
      return owner === undefined
        ? { kind: "directory" }
        : { kind: "file", owner, path: entry.path };
    case "link": {
      return { kind: "link", owner, target: finalTarget(path, entry, exists) };
    }
  }
}

/** Where the tree lacks what a link names, the run image has it or nobody does. */
function finalTarget(
  path: string,
  entry: { readonly path: string; readonly target: string },
  exists: Exists,
): string {
  const goal = targetPath(entry.path, entry.target);
  if (!exists(goal)) return entry.target.startsWith("/") ? entry.target : `/${goal}`;
  const moves = path !== entry.path || entry.target.startsWith("/");
  return moves ? relativeTarget(path, goal) : entry.target;
}

function keyOf({ name, arch }: PackageIndex): string {
  return `${name}:${arch}`;
}
