import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeText } from "../../kit/decode.ts";
import type { Origin } from "../../kit/origin.ts";
import type { Problem } from "../../kit/wrong-lines.ts";
import { type Given, type Setting, SETTINGS } from "./setting.ts";

const FILE = "pip.conf";

interface PipConf {
  readonly given: readonly Given[];
  readonly problems: readonly Problem[];
}

/**
 * `pip.conf` in the app's root. pip itself reads such files from the user's and the system's
 * places, which a build does not have. https://pip.pypa.io/en/stable/topics/configuration/
 */
export async function readPipConf(appDir: string): Promise<PipConf> {
  const bytes = await readFile(join(appDir, FILE)).catch(() => undefined);
  if (bytes === undefined) return { given: [], problems: [] };
  const text = decodeText(bytes);
  if (typeof text !== "string") {
    const origin = { file: FILE, line: text.line };
    const needed = "The file is not text in UTF-8; save it as UTF-8";
    return { given: [], problems: [{ origin, line: text.found, needed }] };
  }
  const given: { setting: Setting; value: string; origin: Origin }[] = [];
  let section = "";
  for (const [index, line] of text.split("\n").entries()) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    const [, name] = /^\[([^\]]+)\]/.exec(line) ?? [];
    if (name !== undefined) {
      section = name;
      continue;
    }
    if (section !== "global" && section !== "install") continue;
    const last = given.at(-1);
    if (/^\s/.test(line) && last !== undefined) {
      last.value = `${last.value} ${line.trim()}`.trim();
      continue;
    }
    const [, key = "", value = ""] = /^([\w-]+)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    const setting = SETTINGS.find((known) => known === key.replaceAll("_", "-"));
    if (setting !== undefined) {
      given.push({ setting, value: value.trim(), origin: { file: FILE, line: index + 1 } });
    }
  }
  return { given, problems: [] };
}
