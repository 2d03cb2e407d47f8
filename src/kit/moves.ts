import type { Log } from "./log.ts";
import { compareTexts } from "./text.ts";

/** What is said of one kind of locked package. */
export interface MoveWords<One> {
  readonly versionOf: (one: One) => string;
  /** What else differs where both have the same version: "build h1_0 → h2_1". */
  readonly otherwise: (from: One, to: One) => string | undefined;
}

/** Says what a new lock has moved, a line for each package; nothing where there was none before. */
export function listMoves<One extends { readonly name: string }>(
  log: Log,
  { previous, lock }: { readonly previous: readonly One[]; readonly lock: readonly One[] },
  { versionOf, otherwise }: MoveWords<One>,
): void {
  if (previous.length === 0) return;
  const before = new Map(previous.map((one) => [one.name, one]));
  const after = new Map(lock.map((one) => [one.name, one]));
  const names = [...new Set([...before.keys(), ...after.keys()])].sort(compareTexts);
  const moves = names.flatMap((name) => {
    const [from, to] = [before.get(name), after.get(name)];
    if (from === undefined) return to === undefined ? [] : [`${name} ${versionOf(to)} added`];
    if (to === undefined) return [`${name} ${versionOf(from)} removed`];
    if (versionOf(from) !== versionOf(to)) return [`${name} ${versionOf(from)} → ${versionOf(to)}`];
    const other = otherwise(from, to);
    return other === undefined ? [] : [`${name} ${versionOf(to)}: ${other}`];
  });
  if (moves.length > 0) log.list("Compared with the previous lock:", moves);
}
