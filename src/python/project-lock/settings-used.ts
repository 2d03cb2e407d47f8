import { listed } from "../../kit/text.ts";
import type { Setting, UsedSetting } from "../requirements/setting.ts";

/** A line for each setting that has an effect, and one for all those that a lock has decided already. */
export function settingsUsed(used: readonly UsedSetting[], lockFile: string): readonly string[] {
  const lines = used.filter(({ setting }) => !DECIDED.has(setting)).map(({ line }) => line);
  const decided = new Set(
    used.map(({ setting }) => setting).filter((setting) => DECIDED.has(setting)),
  );
  if (decided.size === 0) return lines;
  return [...lines, `Skipping ${listed([...decided])} because ${lockFile} decides`];
}

/** Which version of a package is taken; its digest, too, is the lock's. */
const DECIDED: ReadonlySet<Setting> = new Set([
  "constraint",
  "pre",
  "prefer-binary",
  "require-hashes",
]);
