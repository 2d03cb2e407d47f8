import { type SettingName, type Settings, SETTINGS } from "../../kit/settings.ts";
import { type Found, type Label, OCI_PREFIX } from "./label.ts";
import { problemOf, quoteSafely } from "./unsafe.ts";

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
    const needed = neededFor(origin.file, value);
    return needed === undefined ? [] : [{ origin, line: quoteSafely(value), needed }];
  });
  return { labels, problems };
}

function keyOf(name: OciSetting): string {
  const rest = name.slice("BP_OCI_".length).toLowerCase();
  return OCI_PREFIX + rest.replace("ref_name", "ref.name");
}

/** https://specs.opencontainers.org/image-spec/annotations/#pre-defined-annotation-keys */
function neededFor(name: string, value: string): string | undefined {
  if (name === "BP_OCI_CREATED") return isTime(value) ? undefined : TIME_NEEDED;
  return URLS.has(name) && !isUrl(value) ? URL_NEEDED : undefined;
}

const URLS = new Set(["BP_OCI_DOCUMENTATION", "BP_OCI_SOURCE", "BP_OCI_URL"]);

const URL_NEEDED = "A URL is needed, with its scheme\nhttps://example.com/cats";

function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(text) && URL.canParse(text);
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
