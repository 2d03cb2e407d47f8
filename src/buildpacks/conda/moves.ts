import type { CondaLock, CondaPackage } from "../../conda/lock.ts";
import type { Log } from "../../kit/log.ts";

/** Says what a new solve has moved; nothing where there was none before. */
export function listMoves(log: Log, previous: CondaLock, lock: CondaLock): void {
  const moves = previous.length === 0 ? [] : movesBetween(previous, lock);
  if (moves.length > 0) log.list("Compared with the previous lock:", moves);
}

export function movesBetween(previous: CondaLock, lock: CondaLock): readonly string[] {
  const before = new Map(previous.map((each) => [each.name, each]));
  const after = new Map(lock.map((each) => [each.name, each]));
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((name) => {
    const [from, to] = [before.get(name), after.get(name)];
    if (from === undefined) return to === undefined ? [] : [`${name} ${to.version} added`];
    if (to === undefined) return [`${name} ${from.version} removed`];
    if (from.version !== to.version) return [`${name} ${from.version} → ${to.version}`];
    if (from.build !== to.build)
      return [`${name} ${to.version}: build ${from.build} → ${to.build}`];
    if (placeOf(from) !== placeOf(to))
      return [`${name} ${to.version}: ${placeOf(from)} → ${placeOf(to)}`];
    return JSON.stringify(from.digest) === JSON.stringify(to.digest)
      ? []
      : [`${name} ${to.version}: another file`];
  });
}

function placeOf({ channel, subdir }: CondaPackage): string {
  return `${channel}/${subdir}`;
}
