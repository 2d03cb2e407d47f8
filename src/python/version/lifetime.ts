/** Older ones have no security fixes, and hardly a package has wheels for them. */
export const OLDEST_MINOR = 9;

/** The last month with security fixes. https://devguide.python.org/versions/ */
const END_OF_LIFE: Readonly<Record<string, string>> = {
  "3.9": "2025-10",
  "3.10": "2026-10",
  "3.11": "2027-10",
  "3.12": "2028-10",
  "3.13": "2029-10",
  "3.14": "2030-10",
  "3.15": "2031-10",
};

/** The month ("2025-10") in which a version's life has ended; undefined where it has not. */
export function endedIn(version: string, now: Date): string | undefined {
  const month = END_OF_LIFE[minorOf(version)];
  return month !== undefined && month < now.toISOString().slice(0, 7) ? month : undefined;
}

/** "3.12.4" → "3.12" */
export function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

export function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < 3 || (major === 3 && minor < OLDEST_MINOR);
}
