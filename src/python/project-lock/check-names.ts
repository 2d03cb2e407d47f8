import { normalizeName } from "../lock.ts";
import { failure } from "./failures.ts";

/** Throws a failure for names of BP_GROUPS or BP_EXTRAS that the project does not have. */
export function checkNames(
  setting: "BP_GROUPS" | "BP_EXTRAS",
  names: readonly string[],
  { known, file }: { readonly known: readonly string[]; readonly file: string },
): void {
  const there = new Set(known.map(normalizeName));
  const unknown = names.filter((one) => !there.has(normalizeName(one)));
  if (unknown.length > 0) throw failure("group-unknown", { setting, names: unknown, file, known });
}
