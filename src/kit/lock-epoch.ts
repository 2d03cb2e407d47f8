import type { Settings } from "./settings.ts";

/**
 * The value of BP_LOCK_EPOCH that a lock's versions belong to; without the variable, that of the
 * earlier lock's metadata, so that taking it away resolves nothing.
 */
export function epochOf(
  { settings }: { readonly settings: Settings },
  found: Readonly<Record<string, unknown>> | undefined,
): string | undefined {
  const epoch = settings.get("BP_LOCK_EPOCH") ?? found?.["epoch"];
  return typeof epoch === "string" ? epoch : undefined;
}
