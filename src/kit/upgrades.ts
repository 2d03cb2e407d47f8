import { defineFailures } from "./failure.ts";
import type { Log } from "./log.ts";
import type { Settings } from "./settings.ts";
import { bulleted, compareTexts, listed, nearest, text } from "./text.ts";

/** What BP_UPGRADE_PACKAGES asks of one lock. */
export interface Upgrades {
  /**
   * What the lock's layer compares; empty where the setting asks nothing of this lock. Without the
   * variable its last value is forgotten, so that the same value asks again later.
   */
  readonly fact: { readonly upgrade?: string };
  /** What the layer keeps once a lock is made: no lock answers a value twice. */
  readonly recorded: { readonly upgrade?: string };
  /** Names, as the lock has them, whose versions are not kept. */
  readonly names: ReadonlySet<string>;
  /** What no package of the lock is called, with the names that are nearly the same. */
  readonly unknown: readonly { readonly name: string; readonly similar: readonly string[] }[];
}

interface EarlierLock {
  /** The metadata of its layer. */
  readonly found: Readonly<Record<string, unknown>> | undefined;
  readonly names: readonly string[];
}

/** `normalize` gives a name the form that it has in the lock. */
export function readUpgrades(
  settings: Settings,
  { found, names }: EarlierLock,
  normalize: (name: string) => string = (name) => name,
): Upgrades {
  const asked = [...new Set(settings.get("BP_UPGRADE_PACKAGES") ?? [])].sort(compareTexts);
  const wrong = asked.filter((name) => !NAME.test(name));
  if (wrong.length > 0) throw failure("upgrade-not-a-name", { wrong });
  if (asked.length === 0) return { fact: {}, recorded: {}, names: new Set(), unknown: [] };

  const recorded = { upgrade: asked.join(" ") };
  if (found?.["upgrade"] === recorded.upgrade) {
    return { fact: recorded, recorded, names: new Set(), unknown: [] };
  }
  const locked = new Set(names);
  const own = asked.map(normalize).filter((name) => locked.has(name));
  const unknown = asked
    .filter((name) => !locked.has(normalize(name)))
    .map((name) => ({ name, similar: nearest(normalize(name), locked) }));
  return { fact: own.length > 0 ? recorded : {}, recorded, names: new Set(own), unknown };
}

/** What is unknown here may be another manager's, and is told only where it looks misspelt. */
export function tellUpgrades(log: Log, { names, unknown }: Upgrades): void {
  for (const { name, similar } of unknown) {
    const line = `Skipping ${name} of BP_UPGRADE_PACKAGES because no package here has that name`;
    if (similar.length === 0) log.debug(line);
    else log.step(`${line}; did you mean ${listed(similar, "or")}?`);
  }
  if (names.size > 0) log.step(`Upgrading ${listed([...names])} (from BP_UPGRADE_PACKAGES)`);
}

/** Of pip, conda or Debian: https://www.debian.org/doc/debian-policy/ch-controlfields.html#source */
const NAME = /^\w[\w.+-]*$/;

const failure = defineFailures<{ "upgrade-not-a-name": { readonly wrong: readonly string[] } }>({
  "upgrade-not-a-name": ({ wrong }) => ({
    blame: "app",
    title: "BP_UPGRADE_PACKAGES names something that is no package",
    body: text`
      Found:
      ${bulleted(wrong)}

      Needed: names alone, with commas or blanks between them ("numpy,ffmpeg"), without versions and
      extras. Which versions are allowed is written where the app asks for the package.
    `,
  }),
});
