import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { exists, makeDirectory } from "../../../cnb/files.ts";
import type { BuildContext } from "../../../kit/buildpack.ts";
import { capture, CommandError } from "../../../kit/command.ts";
import { toolEnv } from "../../../kit/tool-env.ts";
import type { DebianPackage } from "../../../debian/lock.ts";
import type { PackageIndex } from "../../../debian/package-index.ts";
import { copyStandIn, makeStandIn, readStandIn } from "../../../debian/stand-in/stand-in.ts";

/**
 * The cached layer by which a changed request costs what is new: the packages' files are in layers
 * of the previous image, and it holds what must be known of them to join them with others. It is
 * one archive, since a build that changes nothing gets it, too: thousands of files took seconds.
 */
export interface StandIns {
  /** Unpacks the archive. */
  open(): Promise<OpenStandIns>;
}

export interface OpenStandIns {
  /** What programs have made of the packages: see `EarlierOutputs`. */
  readonly outputs: string;
  find(item: DebianPackage): Promise<PackageIndex | undefined>;
  copy(item: DebianPackage, to: string): void;
  add(item: DebianPackage, index: PackageIndex, tree: string): Promise<void>;
  /** Keeps them for the next build, those of these packages and no others. */
  commit(packages: readonly DebianPackage[]): Promise<void>;
}

/** To be called at each build, since a cached layer that is not asked for is dropped. */
export async function findStandIns(context: BuildContext, workDir: string): Promise<StandIns> {
  const layer = await context.layer({
    name: "stand-ins",
    types: { cache: true },
    // Each release may read packages in another way.
    wanted: { layout: LAYOUT, version: context.buildpack.version },
    labels: { layout: "The form of the cache", version: "The buildpack's version" },
  });
  const env = toolEnv(context.env);
  const archive = join(layer.path, "stand-ins.tar");
  const directory = join(workDir, "stand-ins");
  const packages = join(directory, "packages");
  const place = (item: DebianPackage) => join(packages, item.sha256);
  return {
    open: async () => {
      await makeDirectory(directory);
      if (await exists(archive)) {
        await capture("tar", ["--extract", "--file", archive, "--directory", directory], {
          env,
        }).catch(async (error: unknown) => {
          // Half an archive: all packages are fetched, as without it.
          if (!(error instanceof CommandError)) throw error;
          await rm(directory, { recursive: true, force: true });
          await makeDirectory(directory);
        });
      }
      return {
        outputs: join(directory, "outputs"),
        find: (item) => readStandIn(place(item)),
        copy: (item, to) => copyStandIn(place(item), to),
        add: (item, index, tree) => makeStandIn(tree, index, place(item)),
        commit: async (kept) => {
          const digests = new Set(kept.map(({ sha256 }) => sha256));
          for (const name of await readdir(packages).catch(() => [])) {
            if (!digests.has(name)) {
              await rm(join(packages, name), { recursive: true, force: true });
            }
          }
          await capture("tar", [...CREATE, "--file", `${archive}.draft`, "."], {
            env,
            cwd: directory,
          });
          await rename(`${archive}.draft`, archive);
          await layer.commit();
        },
      };
    },
  };
}

/** Equal contents give equal archives, which are not saved again. */
const CREATE = [
  ...["--create", "--sort=name", "--mtime=@315532801"],
  ...["--owner=0", "--group=0", "--numeric-owner", "--format=gnu"],
];

/** Counts up when stand-ins hold more or less of a package, or what programs make is kept otherwise. */
const LAYOUT = 2;
