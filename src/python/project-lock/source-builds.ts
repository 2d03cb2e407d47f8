import type { Log } from "../../kit/log.ts";
import { listed } from "../../kit/text.ts";
import { type Lock, normalizeName } from "../lock.ts";
import { fileNameOf, type PylockPackage } from "../uv/pylock.ts";
import { pythonsOfTags } from "../uv/releases.ts";
import { parseWheelFile } from "../uv/wheel-file.ts";

interface Built {
  /** With all files of each, which tell the Pythons that have a wheel. */
  readonly packages: readonly PylockPackage[];
  readonly python: string;
  readonly log: Pick<Log, "list" | "warn">;
}

/** Says which packages are built from source, and for which Pythons they have wheels. */
export function tellSourceBuilds(lock: Lock, { packages, python, log }: Built): void {
  const sdists = lock.filter((distribution) => distribution.from === "sdist");
  if (sdists.length === 0) return;
  log.list(
    "Building from source, since the lock has no wheel for this Python and platform:",
    sdists.map(({ name, version }) => `${name} ${version}`),
  );
  for (const { name, version } of sdists) {
    const pythons = pythonsInLock(packages.find((one) => normalizeName(one.name) === name));
    if (pythons.length === 0 || pythons.includes(python)) continue;
    log.warn(
      `${name} ${version} has no wheel for Python ${python}`,
      `It has wheels for Python ${listed(pythons)}. Building it from source takes long and often fails; a newer version, or ${pythons.at(-1)} in a file .python-version, spares it.`,
    );
  }
}

/** "3.11", oldest first. */
export function pythonsInLock(item: PylockPackage | undefined): readonly string[] {
  const tags = (item?.wheels ?? []).flatMap((file) => parseWheelFile(fileNameOf(file))?.tags ?? []);
  const ofLinux = tags.filter(({ platform }) => platform === "any" || /linux/.test(platform));
  return pythonsOfTags(ofLinux.map(({ python }) => python));
}
