import type { Clash } from "../../debian/farm/merge-trees.ts";
import type { CompiledIn } from "../../debian/environment/compiled-in.ts";
import { findings } from "../../debian/environment/findings.ts";
import type { Generated } from "../../debian/generated/generate.ts";
import type { DebianLock, DebianPackage } from "../../debian/lock.ts";
import type { PackageIndex } from "../../debian/package-index.ts";
import { DISPLAY_DRIVER } from "../../debian/resolve/display-drivers.ts";
import type { Log } from "../../kit/log.ts";
import { listMoves } from "../../kit/moves.ts";
import { counted, formatBytes, listed } from "../../kit/text.ts";
import type { Asked } from "./asked.ts";
import type { OpenedLayer } from "./layers/store.ts";

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
  const versionOf = ({ version }: DebianPackage) => version;
  const otherwise = (from: DebianPackage, to: DebianPackage) =>
    from.sha256 === to.sha256 ? undefined : "another file";
  listMoves(log, { previous, lock }, { versionOf, otherwise });
}

export function tellReusedLayers(reused: readonly OpenedLayer[], log: Log): void {
  const packages = reused.flatMap(({ layer }) => layer.members);
  if (packages.length === 0) return;
  const layers = counted(reused.length, "layer");
  log.step(`Reusing ${counted(packages.length, "package")} of the previous image (${layers})`);
}

export function tellGenerated({ made, failed }: Generated, log: Log): void {
  for (const { name, summary } of made) log.debug(`Made ${name} ${summary}`);
  for (const { name, reason } of failed) log.warn(`${name} could not be made`, reason);
}

export function tellLeftOut(
  leftOut: readonly Pick<DebianPackage, "installedSize">[],
  log: Log,
): void {
  if (leftOut.length === 0) return;
  const size = leftOut.reduce((sum, { installedSize }) => sum + installedSize * 1024, 0);
  log.step(
    `Leaving out ${DISPLAY_DRIVER} and what only it needs (${counted(leftOut.length, "package")}, ${formatBytes(size)}): OpenGL draws on a display with it. If the app has a display, ask for ${DISPLAY_DRIVER}, too`,
  );
}

/** dpkg would have refused to install such packages together. */
export function warnOfClashes(clashes: readonly Clash[], log: Log): void {
  for (const { path, kept, hidden } of clashes) {
    log.warn(`${kept} and ${hidden} have the same file`, `/${path} is that of ${kept}.`);
  }
}

/**
 * What a package would do on a real system and can't in an image's layer: a warning where programs
 * may fail for it. That of packages which only came along is seldom missed, and told when debugging.
 */
export function tellFindings(
  indexes: readonly PackageIndex[],
  requested: ReadonlySet<string>,
  log: Log,
): void {
  const found = new Map(findings(indexes).map((one) => [one.package, one.items]));
  for (const { name, notDone } of [...indexes].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const items = found.get(name) ?? [];
    const startsServices = items.some(({ what }) => /^brings (system services|init)/.test(what));
    const skipped = [
      ...items
        .filter(({ fails }) => !fails)
        .map(({ what, instead }) => `${what}. ${sentence(instead)}`),
      ...notDone.filter((what) => !(startsServices && what.startsWith("starts the service"))),
    ];
    const failing = items.filter(({ fails }) => fails);
    if (!requested.has(name)) {
      const all = [...failing.map(({ what }) => what), ...skipped];
      if (all.length > 0) log.debug(`Skipping what ${name} does: it ${all.join("; ")}`);
      continue;
    }
    if (failing.length > 0) {
      const lines = failing.map(({ what, instead }) => `It ${what}. ${sentence(instead)}`);
      log.warn(`${name} does not work as on a real system`, lines.join("\n"));
    }
    if (skipped.length > 0) log.list(`Skipping what ${name} does on a real system: it`, skipped);
  }
}

/**
 * Such programs look for files where a real system has them, and may fail or do less. It is told
 * where it concerns what was asked for: `libsox3` looks for files of `libsox-fmt-mp3`.
 */
export function tellCompiledIn(
  found: readonly CompiledIn[],
  requested: ReadonlySet<string>,
  log: Log,
): void {
  for (const { package: name, places, concerns } of found) {
    const concerned = concerns.filter((other) => requested.has(other));
    if (!requested.has(name) && concerned.length === 0) {
      log.debug(`${name} looks for files in ${listed(places)}`);
      continue;
    }
    const who = requested.has(name) ? name : `${name}, which ${listed(concerned)} needs,`;
    log.warn(
      `${who} looks for files in places that an image's layer can't have`,
      `${listed(places)}: what it has there may be missing.`,
    );
  }
}

function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}
