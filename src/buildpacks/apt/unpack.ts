import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { BuildContext } from "../../kit/buildpack.ts";
import { counted, formatBytes } from "../../kit/text.ts";
import { toolEnv } from "../../kit/tool-env.ts";
import { fetchPackages } from "../../debian/fetch/fetch-packages.ts";
import type { DebianPackage } from "../../debian/lock.ts";
import type { PackageIndex } from "../../debian/package-index.ts";
import type { Requests } from "../../debian/requests/requests.ts";
import { unpackPackage } from "../../debian/unpack/unpack-package.ts";

/** A package in a directory of its own, from which its files are moved to where they belong. */
export interface Unpacked {
  readonly item: DebianPackage;
  readonly index: PackageIndex;
  /** Absolute path of its files. */
  readonly tree: string;
}

export interface UnpackOptions {
  readonly context: Pick<BuildContext, "appDir" | "env" | "log">;
  readonly credentials: Requests["credentials"];
  readonly arch: string;
  /** On the file system on which the files will be. */
  readonly workDir: string;
}

/** Fetches packages and unpacks each by itself. */
export async function fetchAndUnpack(
  wanted: readonly DebianPackage[],
  { context: { appDir, env, log }, credentials, arch, workDir }: UnpackOptions,
): Promise<readonly Unpacked[]> {
  if (wanted.length === 0) return [];
  const bytes = wanted.reduce((sum, { size }) => sum + size, 0);
  log.step(`Fetching ${counted(wanted.length, "package")} (${formatBytes(bytes)})`);
  const files = await fetchPackages(wanted, {
    appDir,
    directory: join(workDir, "debs"),
    workDir: join(workDir, "fetch"),
    credentials,
    env,
    log,
  });
  log.step("Unpacking");
  const unpacked = new Map<DebianPackage, Unpacked>();
  // The heaviest first: one of them at the end would leave all processors but one with nothing to do.
  const queue = wanted.toSorted((a, b) => b.size - a.size);
  const unpackNext = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      const tree = join(workDir, "drafts", `${item.name}_${item.arch}`, "tree");
      await mkdir(tree, { recursive: true });
      const deb = files.get(item) ?? "";
      const index = await unpackPackage({ deb, tree, arch, env: toolEnv(env) });
      unpacked.set(item, { item, index, tree });
    }
  };
  // Most of the time goes into decompression, one processor for each package.
  await Promise.all(Array.from({ length: availableParallelism() }, unpackNext));
  return wanted.flatMap((item) => unpacked.get(item) ?? []);
}
