import { join } from "node:path";
import { type Binding, readBindings } from "../../src/cnb/bindings.ts";
import { writeFiles } from "./phase.ts";
import { temporaryDirectory } from "./temporary.ts";

/** Bindings by their names, as a platform gives them: a file for each key. */
export async function makeBindings(
  bindings: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<readonly Binding[]> {
  const platform = await temporaryDirectory();
  for (const [name, keys] of Object.entries(bindings)) {
    await writeFiles(join(platform, "bindings", name), keys);
  }
  return readBindings(platform);
}
