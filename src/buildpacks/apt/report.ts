import type { Clash } from "../../debian/farm/merge-trees.ts";
import type { CompiledIn } from "../../debian/environment/compiled-in.ts";
import { findings } from "../../debian/environment/findings.ts";
import type { Generated } from "../../debian/generated/generate.ts";
import type { DebianLock } from "../../debian/lock.ts";
import type { PackageIndex } from "../../debian/package-index.ts";
import type { Log } from "../../kit/log.ts";
import { counted, listed } from "../../kit/text.ts";
import type { Asked } from "./asked.ts";
import type { FilledLayer } from "./layers/store.ts";

export function tellAsked({ requests }: Asked, log: Log): void {
  for (const origin of requests.from) log.step(`Found ${origin}`);
  for (const note of requests.notes) log.step(note);
}

export function tellReused(lock: DebianLock, log: Log): void {
  log.step(
    `Reusing ${counted(lock.filter(({ launch }) => launch).length, "package")} of the previous image`,
  );
}

/** What is another version than before, which an unpinned archive may bring about. */
export function tellMoves(previous: DebianLock, lock: DebianLock, log: Log): void {
  if (previous.length === 0) return;
  const before = new Map(previous.map(({ name, version }) => [name, version]));
  const now = new Map(lock.map(({ name, version }) => [name, version]));
  const moves = [...new Set([...before.keys(), ...now.keys()])].sort().flatMap((name) => {
    const [old, current] = [before.get(name), now.get(name)];
    if (old === current) return [];
    if (old === undefined) return [`${name} ${current} added`];
    return current === undefined ? [`${name} ${old} removed`] : [`${name} ${old} → ${current}`];
  });
  if (moves.length > 0) log.list("Compared with the previous packages:", moves);
}

export function tellLayers(layers: readonly FilledLayer[], log: Log): void {
  const reused = layers.filter(({ earlier }) => earlier !== undefined);
  if (reused.length > 0) log.step(`Reusing ${listed(reused.map(({ layer }) => layer.name))}`);
}

export function tellGenerated({ made, failed }: Generated, log: Log): void {
  const items = made.map(({ name, summary }) => `${name} ${summary}`);
  if (items.length > 0) log.list("Made for the packages:", items);
  for (const { name, reason } of failed) log.warn(`${name} could not be made`, reason);
}

/** dpkg would have refused to install such packages together. */
export function warnOfClashes(clashes: readonly Clash[], log: Log): void {
  for (const { path, kept, hidden } of clashes) {
    log.warn(`${kept} and ${hidden} have the same file`, `/${path} is that of ${kept}.`);
  }
}

/**
 * What a package would do on a real system and can't in an image's layer. That of packages which
 * only came along is seldom missed, and told when debugging.
 */
export function tellFindings(
  indexes: readonly PackageIndex[],
  requested: ReadonlySet<string>,
  log: Log,
): void {
  for (const { package: name, what, instead } of findings(indexes)) {
    if (requested.has(name)) {
      const title = `${name} does not work as on a real system`;
      log.warn(title, [...what.map((one) => `It ${one}.`), ...instead.map(sentence)].join("\n"));
    } else log.debug(`${name} ${what.join(", ")}`);
  }
  for (const { name, notDone } of indexes) {
    if (notDone.length === 0) continue;
    const title = `Skipping what ${name} does when it is installed: it`;
    if (requested.has(name)) log.list(title, notDone);
    else log.debug(`${title} ${notDone.join("; ")}`);
  }
}

/** Such programs look for their files where a real system has them, and may fail or do less. */
export function tellCompiledIn(
  found: readonly CompiledIn[],
  requested: ReadonlySet<string>,
  log: Log,
): void {
  for (const { package: name, places } of found) {
    if (requested.has(name)) {
      log.warn(
        `${name} looks for files in places that an image's layer can't have`,
        `${listed(places)}: what it has there may be missing.`,
      );
    } else log.debug(`${name} looks for files in ${listed(places)}`);
  }
}

function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}
