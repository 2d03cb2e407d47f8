import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { exists } from "../../../cnb/files.ts";
import { LIGHT_PARTS_LAYER, prefixPath } from "../../../conda/paths.ts";
import { saveLightPart } from "../../../conda/prefix/light-part.ts";
import type { PrefixRecord } from "../../../conda/prefix/record.ts";
import type { BuildContext } from "../../../kit/buildpack.ts";
import { archiveName, type HeavyFacts } from "./heavy-package.ts";

/**
 * What heavy packages have outside of their layers, so that they need not be downloaded again when
 * the environment is made anew: a cached layer of small archives.
 */
export interface LightParts {
  /** Keeps those of packages that are heavy now, and no others. */
  keep(heavy: readonly HeavyPackage[]): Promise<void>;
}

export interface HeavyPackage {
  readonly record: PrefixRecord;
  readonly facts: HeavyFacts;
}

export async function openLightParts(context: BuildContext): Promise<LightParts> {
  const { env, layersDir } = context;
  const layer = await context.layer({
    name: LIGHT_PARTS_LAYER,
    types: { cache: true },
    wanted: { layout: LAYOUT },
    labels: { layout: "The form of what is kept" },
  });
  return {
    async keep(heavy) {
      const wanted = new Set(heavy.map(({ facts }) => archiveName(facts)));
      for (const { record, facts } of heavy) {
        const archive = join(layer.path, archiveName(facts));
        if (!(await exists(archive))) {
          await saveLightPart(prefixPath(layersDir), record, archive, env);
        }
      }
      const others = (await readdir(layer.path)).filter((name) => !wanted.has(name));
      for (const name of others) await rm(join(layer.path, name), { recursive: true });
      if (wanted.size > 0) await layer.commit();
    },
  };
}

/** Raised when the same package leaves other files. */
const LAYOUT = 1;

/** Undefined where nothing is kept of the package, as it would be made today. */
export async function findLightPart(facts: HeavyFacts): Promise<string | undefined> {
  const path = join(facts.layersDir, LIGHT_PARTS_LAYER, archiveName(facts));
  return (await exists(path)) ? path : undefined;
}
