import type { Demand } from "../../accelerator/demand.ts";
import type { Origin } from "../../kit/origin.ts";
import { normalizeName } from "../lock.ts";
import type { PylockPackage } from "../uv/pylock.ts";

/** What a lock has; `origin` where the app's own lock names it. */
export function demandsIn(packages: readonly PylockPackage[], origin?: Origin): readonly Demand[] {
  return packages.map(({ name, version }) => ({
    name: normalizeName(name),
    specifier: version === undefined ? "" : `==${version}`,
    extras: [],
    ...(origin === undefined ? {} : { origin }),
    text: version === undefined ? name : `${name}==${version}`,
  }));
}
