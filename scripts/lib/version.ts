/** Compares "1.26.5" with "1.26" number by number; what follows the numbers does not count. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [found, needed] = [numbersOf(version), numbersOf(wanted)];
  for (const [index, least] of needed.entries()) {
    const number = found[index] ?? 0;
    if (number !== least) return number > least;
  }
  return true;
}

function numbersOf(version: string): readonly number[] {
  return (/\d+(\.\d+)*/.exec(version)?.[0] ?? "0").split(".").map(Number);
}
