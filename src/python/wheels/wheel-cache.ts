import { copyFile, readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import * as z from "zod/mini";
import { exists, makeDirectory } from "../../cnb/files.ts";
import { type FoundLayer, sameValue } from "../../cnb/layer.ts";
import { describeDistro } from "../../cnb/target.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { sha256, sha256OfFile } from "../../kit/hash.ts";
import type { Interpreter } from "../interpreter.ts";
import { distributionSchema, type Lock } from "../lock.ts";
import { builtAgainstFor } from "./built-against.ts";
import { isSource, type Source } from "./source.ts";

/**
 * The layer `wheels`: wheels that were built from source, so that a change elsewhere in the
 * environment does not compile them again. It is dear to make and small, hence cached.
 */
export interface WheelCache {
  /** Undefined where there is none that was built from this, and so. */
  find(source: Source): Promise<Wheel | undefined>;
  /** Puts a wheel into the layer if it is worth it; says where it lies from now on. */
  add(source: Source, wheel: Wheel): Promise<Wheel>;
  /** Drops what the lock no longer has, and lets the layer count. */
  commit(): Promise<void>;
}

export interface Wheel {
  /** Absolute path of the `.whl` file, for the rest of this build. */
  readonly path: string;
  /** Whether it was compiled against torch or for GPUs, which takes long. */
  readonly apart: boolean;
}

export interface WheelCacheOptions {
  readonly context: Pick<BuildContext, "layer" | "target" | "log">;
  readonly interpreter: Interpreter;
  readonly builtAgainst: readonly string[];
  readonly lock: Lock;
}

export async function openWheelCache(options: WheelCacheOptions): Promise<WheelCache> {
  const { context, interpreter, lock } = options;
  const { arch } = context.target;
  const builtAgainstOf = ({ name }: Source) => [...builtAgainstFor([name], options.builtAgainst)];
  const layer = await context.layer({
    name: LAYER,
    types: { cache: true },
    wanted: {
      layout: LAYOUT,
      python: interpreter.minor,
      arch,
      distro: describeDistro(context.target),
    },
    labels: {
      layout: "The form of this layer",
      python: "The Python version",
      arch: "The CPU architecture",
      distro: "The distribution of the build image",
    },
    recorded: recordedSchema,
  });
  if (layer.state === "empty") {
    context.log.discarding("the cached wheels that were built from source", layer.cause);
  }
  let entries = layer.state === "kept" ? layer.recorded.wheels : [];

  return {
    find: async (source) => {
      const entry = entries.find(
        (candidate) =>
          sameValue(candidate.distribution, source) &&
          sameValue(candidate.builtAgainst, builtAgainstOf(source)),
      );
      if (entry === undefined) return undefined;
      const path = join(layer.path, entry.path);
      // A cache may lie on a disk that was full.
      const isWhole = (await exists(path)) && (await sha256OfFile(path)) === entry.sha256;
      return isWhole ? { path, apart: entry.apart } : undefined;
    },

    add: async (source, wheel) => {
      // What is heavy has a launch layer of its own and is not asked for again, whereas a cached
      // layer is read and written at each build.
      if ((await stat(wheel.path)).size > HEAVY) return wheel;
      const builtAgainst = builtAgainstOf(source);
      const folder = sha256(JSON.stringify([source, builtAgainst])).slice(0, 16);
      await makeDirectory(join(layer.path, folder));
      const path = join(folder, basename(wheel.path));
      await copyFile(wheel.path, join(layer.path, path));
      const others = entries.filter((entry) => entry.path !== path);
      const digest = await sha256OfFile(wheel.path);
      const { apart } = wheel;
      entries = [...others, { distribution: source, builtAgainst, path, sha256: digest, apart }];
      return { path: join(layer.path, path), apart };
    },

    commit: async () => {
      entries = entries
        .filter(({ distribution }) => lock.some((wanted) => sameValue(wanted, distribution)))
        .filter((entry) => {
          const now = builtAgainstFor([entry.distribution.name], options.builtAgainst);
          return sameValue(entry.builtAgainst, [...now]);
        })
        .sort((a, b) => (a.path < b.path ? -1 : 1));
      await dropOthers(layer.path, entries);
      await layer.commit({ wheels: entries });
    },
  };
}

/**
 * For a build in which nothing is installed: lets the cached wheels stay, if the lock still has
 * something that is built from source.
 */
export async function keepBuiltWheels(
  context: Pick<BuildContext, "keepLayer">,
  foundLayers: ReadonlyMap<string, FoundLayer>,
  lock: Lock,
): Promise<void> {
  if (!lock.some(isSource)) return;
  const found = foundLayers.get(LAYER);
  if (found?.hasContents) await context.keepLayer(found, { cache: true });
}

const LAYER = "wheels";
const LAYOUT = 2;
/** Bytes of the file. */
const HEAVY = 10_000_000;

const recordedSchema = z.object({
  wheels: z.array(
    z.object({
      distribution: distributionSchema,
      builtAgainst: z.array(z.string()),
      path: z.string(),
      sha256: z.string(),
      apart: z.boolean(),
    }),
  ),
});

async function dropOthers(
  layerPath: string,
  entries: readonly { readonly path: string }[],
): Promise<void> {
  const kept = new Set(entries.map(({ path }) => path.split("/")[0]));
  for (const name of await readdir(layerPath)) {
    if (!kept.has(name)) await rm(join(layerPath, name), { recursive: true, force: true });
  }
}
