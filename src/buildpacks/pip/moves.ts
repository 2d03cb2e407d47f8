import type { Log } from "../../kit/log.ts";
import type { Distribution, Lock } from "../../python/lock.ts";

/** Says what a new resolution has moved; nothing where there was none before. */
export function listMoves(log: Log, previous: Lock, lock: Lock): void {
  const moves = previous.length === 0 ? [] : movesBetween(previous, lock);
  if (moves.length > 0) log.list("Compared with the previous lock:", moves);
}

export function movesBetween(previous: Lock, lock: Lock): readonly string[] {
  const before = new Map(previous.map((distribution) => [distribution.name, distribution]));
  const after = new Map(lock.map((distribution) => [distribution.name, distribution]));
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((name) => {
    const [from, to] = [before.get(name), after.get(name)];
    if (from === undefined) return to === undefined ? [] : [`${name} ${versionOf(to)} added`];
    if (to === undefined) return [`${name} ${versionOf(from)} removed`];
    if (versionOf(from) !== versionOf(to)) return [`${name} ${versionOf(from)} → ${versionOf(to)}`];
    if (from.from !== to.from)
      return [`${name} ${versionOf(to)}: ${SOURCES[from.from]} → ${SOURCES[to.from]}`];
    const isSame = from.from === "directory" || JSON.stringify(from) === JSON.stringify(to);
    return isSame ? [] : [`${name} ${versionOf(to)}: another file`];
  });
}

function versionOf(distribution: Distribution): string {
  if (distribution.from === "git") return distribution.commit.slice(0, 12);
  return distribution.version ?? "(local)";
}

const SOURCES: Record<Distribution["from"], string> = {
  wheel: "a wheel",
  sdist: "its source",
  url: "a URL",
  git: "a repository",
  directory: "a directory",
};
