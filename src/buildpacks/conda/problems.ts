import type { Problem } from "../../kit/wrong-lines.ts";
import { failure } from "./failures.ts";

/** Throws a failure that tells all of them, by the title of where they stand. */
export function checkProblems(
  problems: readonly Problem[],
  ofHardware: readonly Problem[] = [],
): void {
  const all = [...problems, ...ofHardware];
  const places = new Set(problems.map(placeOf));
  const [place, ...others] = [...places, ...(ofHardware.length > 0 ? ["hardware"] : [])];
  if (place === undefined) return;
  if (others.length > 0) throw failure("inputs-invalid", { problems: all });
  if (place === "hardware") throw failure("hardware-unfit", { problems: all });
  if (place === "settings") throw failure("settings-invalid", { problems: all });
  throw failure("file-invalid", { file: place, problems: all });
}

function placeOf({ origin: { file } }: Problem): string {
  return /^BP_\w+$/.test(file) ? "settings" : file;
}
