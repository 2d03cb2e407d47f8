import type { Log } from "../kit/log.ts";
import { listMoves } from "../kit/moves.ts";
import type { Distribution, Lock } from "./lock.ts";

/** Says what a new resolution has moved; nothing where there was none before. */
export function listLockMoves(log: Log, previous: Lock, lock: Lock): void {
  listMoves(log, { previous, lock }, { versionOf, otherwise });
}

function versionOf(distribution: Distribution): string {
  if (distribution.from === "git") return distribution.commit.slice(0, 12);
  return distribution.version ?? "(local)";
}

function otherwise(from: Distribution, to: Distribution): string | undefined {
  if (from.from !== to.from) return `${SOURCES[from.from]} → ${SOURCES[to.from]}`;
  const isSame = from.from === "directory" || JSON.stringify(from) === JSON.stringify(to);
  return isSame ? undefined : "another file";
}

const SOURCES: Record<Distribution["from"], string> = {
  wheel: "a wheel",
  sdist: "its source",
  url: "a URL",
  git: "a repository",
  directory: "a directory",
};
