import { explain, satisfies } from "@renovatebot/pep440";
import { listed } from "../kit/text.ts";

/** By their numbers, part by part; a missing part counts as 0. */
export function compareVersions(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function newestOf(versions: Iterable<string>): string | undefined {
  return [...versions].sort(compareVersions).at(-1);
}

/** "12.8" and "12.8.1" are of 12. */
export function majorOf(version: string): string {
  return version.split(".")[0] ?? version;
}

/** "2.9.1+cu128" is of the release 2.9. */
export function releaseOf(version: string): string {
  return explain(version)?.release.slice(0, 2).join(".") ?? version;
}

/** The versions that a range names itself, without operators: ">=2.4,<3" names 2.4 and 3. */
export function versionsIn(specifier: string): readonly string[] {
  return specifier
    .split(",")
    .map((part) => part.replace(/^\s*(?:===|[=<>!~]=|[<>])?\s*|\.\*\s*$/g, "").trim())
    .filter((part) => part !== "");
}

/** The version of "==2.9.1+cu128"; undefined where the range could be several. */
export function pinnedVersion(specifier: string): string | undefined {
  return /^={2,3}\s*([^,*\s]+)$/.exec(specifier.trim())?.[1];
}

/** What follows '+' in a version that a range names: "cu128". */
export function localVersion(specifier: string): string | undefined {
  return /={2,3}\s*[^,+\s]+\+([^,\s]+)/.exec(specifier)?.[1]?.toLowerCase();
}

/**
 * Whether the range has a version from `lowest` on, and below `end`. Where there is one, there is also
 * one among the first, those that the range names, and those right behind these.
 */
export function isTouched(specifier: string, { lowest, end }: Bounds): boolean {
  const starts = [lowest, ...versionsIn(specifier)];
  return starts
    .flatMap((start) => [start, ...Array.from({ length: 10 }, (_, n) => `${start}.${n}`)])
    .some((version) => isWithin(version, { lowest, end }) && inRange(version, specifier));
}

export function inRange(version: string, specifier: string): boolean {
  const key = `${version} ${specifier}`;
  const known = answers.get(key);
  if (known !== undefined) return known;
  const answer = satisfies(version, specifier, { prereleases: true });
  answers.set(key, answer);
  return answer;
}

/** The same few hundred questions are asked for each pair of versions that could be chosen. */
const answers = new Map<string, boolean>();

export interface Bounds {
  readonly lowest: string;
  /** The first version that is not of it; absent where it has no end. */
  readonly end: string | undefined;
}

/** Of the ranges that the data has: "==2.12.*", ">=1.19,<1.27", ">=3". */
export function boundsOf(range: string): Bounds {
  const [, prefix] = /^==(.+)\.\*$/.exec(range) ?? [];
  if (prefix !== undefined) return { lowest: prefix, end: following(prefix) };
  const [, exact] = /^==(.+)$/.exec(range) ?? [];
  if (exact !== undefined) return { lowest: exact, end: following(exact) };
  return {
    lowest: />=([^,]+)/.exec(range)?.[1] ?? "0",
    end: /<([^,=]+)/.exec(range)?.[1],
  };
}

/** Ranges that follow one another, as one, to be written behind a name; open where the last is. */
export function joinedRange(bounds: readonly Bounds[], isOpen: boolean): string {
  const [first] = bounds;
  const last = bounds.at(-1);
  if (first === undefined || last === undefined) return "";
  if (isOpen || last.end === undefined) return `>=${first.lowest}`;
  const isOneRelease = bounds.length === 1 && following(first.lowest) === last.end;
  return isOneRelease ? `==${first.lowest}.*` : `>=${first.lowest},<${last.end}`;
}

export function listVersions(versions: Iterable<string>): string {
  return listed([...new Set(versions)].sort(compareVersions));
}

/** "2.9" is followed by 2.10. */
export function following(version: string): string {
  const parts = version.split(".").map(Number);
  return [...parts.slice(0, -1), (parts.at(-1) ?? 0) + 1].join(".");
}

function isWithin(version: string, { lowest, end }: Bounds): boolean {
  const plain = explain(version)?.release.join(".") ?? version;
  return (
    compareVersions(plain, lowest) >= 0 && (end === undefined || compareVersions(plain, end) < 0)
  );
}
