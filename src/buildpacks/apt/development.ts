import * as z from "zod/mini";
import type { EnvChanges } from "../../cnb/layer-env.ts";
import type { TomlTable } from "../../cnb/toml.ts";
import { sha256 } from "../../kit/hash.ts";
import type { DebianLock, DebianPackage } from "../../debian/lock.ts";
import { readInstalledPackages } from "../../debian/run-image.ts";

/**
 * The packages that compilers need, joined to one tree in a directory without a layer TOML: it is
 * neither exported nor kept. It is made when the packages change, since all that is built against
 * them is then built anew; at other builds who compiles has it made.
 */
export const DEVELOPMENT_DIRECTORY = "development";

/** What is known of the tree when it is absent. */
export interface Development extends TomlTable {
  /** Of the packages in it. */
  readonly packages: string;
  /** What later buildpacks' environment gets by it. */
  readonly env: TomlTable & EnvChanges;
}

const changeSchema = z.union([
  z.object({ kind: z.enum(["override", "default"]), value: z.string() }),
  z.object({ kind: z.enum(["prepend", "append"]), value: z.string(), delimiter: z.string() }),
]);

export const developmentSchema = z.object({
  packages: z.string(),
  env: z.record(z.string(), changeSchema),
});

/** The packages that compilers need and the build image does not have in the same version. */
export async function packagesForCompilers(
  lock: DebianLock,
  statusFile = "/var/lib/dpkg/status",
): Promise<readonly DebianPackage[]> {
  const inBuildImage = await readInstalledPackages(statusFile);
  return lock.filter(({ build, name, version }) => build && inBuildImage.get(name) !== version);
}

/** Changes with the packages; undefined where there are none. */
export function digestOf(packages: readonly DebianPackage[]): string | undefined {
  if (packages.length === 0) return undefined;
  return sha256(
    packages
      .map(({ name, sha256: digest }) => `${name} ${digest}`)
      .sort()
      .join("\n"),
  );
}
