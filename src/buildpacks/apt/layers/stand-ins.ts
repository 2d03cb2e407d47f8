import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BuildContext } from "../../../kit/buildpack.ts";
import type { DebianPackage } from "../../../debian/lock.ts";
import type { PackageIndex } from "../../../debian/package-index.ts";
import { copyStandIn, makeStandIn, readStandIn } from "../../../debian/stand-in/stand-in.ts";

/**
 * The cached layer by which a changed request costs what is new: the packages' files are in layers
 * of the previous image, and it holds what must be known of them to join them with others.
 */
export interface StandIns {
  /** What programs have made of the packages: see `EarlierOutputs`. */
  readonly outputs: string;
  find(item: DebianPackage): Promise<PackageIndex | undefined>;
  copy(item: DebianPackage, to: string): void;
  add(item: DebianPackage, index: PackageIndex, tree: string): Promise<void>;
  /** Lets it count, with these packages and no others. */
  commit(packages: readonly DebianPackage[]): Promise<void>;
}

/** Opened at each build, since a cached layer that is not asked for is dropped. */
export async function openStandIns(context: BuildContext): Promise<StandIns> {
  const layer = await context.layer({
    name: "stand-ins",
    types: { cache: true },
    wanted: { layout: LAYOUT },
    labels: { layout: "The form of the cache" },
  });
  const packages = join(layer.path, "packages");
  const place = (item: DebianPackage) => join(packages, item.sha256);
  return {
    outputs: join(layer.path, "outputs"),
    find: (item) => readStandIn(place(item)),
    copy: (item, to) => copyStandIn(place(item), to),
    add: (item, index, tree) => makeStandIn(tree, index, place(item)),
    commit: async (kept) => {
      const digests = new Set(kept.map(({ sha256 }) => sha256));
      for (const name of await readdir(packages).catch(() => [])) {
        if (!digests.has(name)) await rm(join(packages, name), { recursive: true, force: true });
      }
      await layer.commit();
    },
  };
}

/** Counts up when stand-ins hold more or less of a package, or what programs make is kept otherwise. */
const LAYOUT = 1;
