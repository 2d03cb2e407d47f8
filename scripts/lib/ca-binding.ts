import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findCaBundle } from "./ca-bundle.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

let binding: Promise<readonly string[]> | undefined;

/**
 * Arguments that make `pack build` trust what this machine trusts; none where it has no roots of
 * its own. https://github.com/buildpacks/spec/blob/main/extensions/bindings.md
 */
export function caBindingArguments(): Promise<readonly string[]> {
  binding ??= makeBinding();
  return binding;
}

async function makeBinding(): Promise<readonly string[]> {
  const bundle = findCaBundle();
  if (bundle === undefined) return [];
  const directory = join(await makeTemporaryFolder(), "ca-certificates");
  // The build runs as another user than this command.
  await mkdir(directory, { mode: 0o755 });
  await writeFile(join(directory, "type"), "ca-certificates");
  await copyFile(bundle, join(directory, "ca-certificates.crt"));
  return ["--volume", `${directory}:/platform/bindings/ca-certificates:ro`];
}
