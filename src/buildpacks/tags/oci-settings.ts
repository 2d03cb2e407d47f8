import { type SettingName, type Settings, SETTINGS } from "../../kit/settings.ts";
import { type Found, type Label, OCI_PREFIX } from "./label.ts";
import { problemOf } from "./unsafe.ts";

type OciSetting = Extract<SettingName, `BP_OCI_${string}`>;

export const OCI_SETTINGS = Object.keys(SETTINGS).filter((name) =>
  name.startsWith("BP_OCI_"),
) as OciSetting[];

export function readOciSettings(settings: Settings): Found {
  const labels = OCI_SETTINGS.flatMap((name): readonly Label[] => {
    const value = settings.get(name);
    if (value === undefined) return [];
    return [{ key: keyOf(name), value, origin: { file: name } }];
  });
  const problems = labels.flatMap((label) => {
    const { value, origin } = label;
    const problem = problemOf(label, value);
    if (problem !== undefined) return [problem];
    const isWrong = origin.file === "BP_OCI_CREATED" && !isTime(value);
    return isWrong ? [{ origin, line: value, needed: TIME_NEEDED }] : [];
  });
  return { labels, problems };
}

function keyOf(name: OciSetting): string {
  const rest = name.slice("BP_OCI_".length).toLowerCase();
  return OCI_PREFIX + rest.replace("ref_name", "ref.name");
}

/** RFC 3339, section 5.6. */
function isTime(text: string): boolean {
  const [, day, rest] = TIME.exec(text) ?? [];
  if (day === undefined || Number.isNaN(Date.parse(`${day}T${rest}`))) return false;
  // JavaScript takes 30 February for the first of March.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

const TIME =
  /^(\d{4}-\d{2}-\d{2})[Tt ]([0-2]\d:[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-][0-2]\d:[0-5]\d))$/;

const TIME_NEEDED = "A date and a time with its zone are needed (RFC 3339)\n2026-11-22T09:30:00Z";
