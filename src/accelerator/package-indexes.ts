import { compatibility } from "./compatibility.ts";
import type { Accelerator } from "./hardware.ts";

/** Indexes of Python packages for this accelerator alone, besides the app's. */
export function packageIndexes(accelerator: Accelerator): readonly string[] {
  return compatibility()
    .index.filter((one) => one.accelerator === accelerator)
    .map(({ url }) => url);
}
