import type { CondaLock, CondaPackage } from "../../conda/lock.ts";
import type { Log } from "../../kit/log.ts";
import { listMoves } from "../../kit/moves.ts";

/** Says what a new solve has moved; nothing where there was none before. */
export function listLockMoves(log: Log, previous: CondaLock, lock: CondaLock): void {
  listMoves(log, { previous, lock }, { versionOf: ({ version }) => version, otherwise });
}

function otherwise(from: CondaPackage, to: CondaPackage): string | undefined {
  if (from.build !== to.build) return `build ${from.build} → ${to.build}`;
  if (placeOf(from) !== placeOf(to)) return `${placeOf(from)} → ${placeOf(to)}`;
  return JSON.stringify(from.digest) === JSON.stringify(to.digest) ? undefined : "another file";
}

function placeOf({ channel, subdir }: CondaPackage): string {
  return `${channel}/${subdir}`;
}
