import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readVariable } from "../../cnb/env.ts";
import { makeDirectory } from "../../cnb/files.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import type { Credential } from "../../kit/credentials.ts";
import { netrcText, secretsInNetrc } from "../../kit/netrc.ts";

// Directories of the layers' file system without a layer TOML: hard links from them work, and
// nothing of them is in the image or kept between builds.

export function uvCacheOf({ layersDir }: BuildContext): string {
  return join(layersDir, "uv-cache");
}

export function draftsOf({ layersDir }: BuildContext): string {
  return join(layersDir, "drafts");
}

/**
 * The credentials as a netrc file, together with those that the build's user has; undefined where
 * there are none.
 */
export async function writeNetrc(
  { layersDir, env, log }: BuildContext,
  credentials: readonly Credential[],
): Promise<string | undefined> {
  const home = readVariable(env, "HOME");
  const own =
    home === undefined ? "" : await readFile(join(home, ".netrc"), "utf8").catch(() => "");
  if (credentials.length === 0 && own === "") return undefined;
  const text = netrcText(credentials) + own;
  for (const secret of secretsInNetrc(text)) log.hide(secret);
  const directory = join(layersDir, "credentials");
  const path = join(directory, ".netrc");
  await makeDirectory(directory);
  await chmod(directory, 0o700);
  await writeFile(path, text, { mode: 0o600 });
  await chmod(path, 0o600);
  return path;
}
