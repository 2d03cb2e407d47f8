import * as z from "zod/mini";
import type { FoundLayer, Layer, MetadataParser } from "../../../cnb/layer.ts";
import type { TomlTable } from "../../../cnb/toml.ts";
import { type CondaLock, formatLock } from "../../../conda/lock.ts";
import { ENVIRONMENT_LAYER } from "../../../conda/paths.ts";
import type { BuildContext } from "../../../kit/buildpack.ts";
import { sha256 } from "../../../kit/hash.ts";

/** What decides the bytes of the environment's layer besides its packages. */
export interface EnvironmentOptions {
  readonly mostHeavyLayers: number;
  /** Names of rules that leave nothing out. */
  readonly keep: readonly string[];
  readonly linkScripts: boolean;
  readonly variables: Readonly<Record<string, string>>;
}

/** What is known of an environment without its files. */
export interface EnvironmentFacts {
  /** The layer of each package that has one of its own. */
  readonly heavy: Readonly<Record<string, string>>;
  /** The Python distributions that its packages bring: versions by normalised names. */
  readonly distributions: Readonly<Record<string, string>>;
}

export type EnvironmentLayer = Layer<Recorded>;

type Recorded = TomlTable & {
  readonly heavy: Readonly<Record<string, string>>;
  readonly distributions: Readonly<Record<string, string>>;
};

export async function openEnvironmentLayer(
  context: BuildContext,
  packages: CondaLock,
  options: EnvironmentOptions,
): Promise<EnvironmentLayer> {
  return context.layer({
    name: ENVIRONMENT_LAYER,
    types: { launch: true },
    wanted: factsOf(context, packages, options),
    labels: LABELS,
    recorded: parserFor(await context.foundLayers()),
  });
}

/** Raised when the same packages give other bytes. */
const LAYOUT = 2;

function factsOf(
  { target }: Pick<BuildContext, "target">,
  packages: CondaLock,
  { mostHeavyLayers, keep, linkScripts, variables }: EnvironmentOptions,
) {
  return {
    layout: LAYOUT,
    arch: target.arch,
    // Which packages have changed is told where the lock is.
    packages: sha256(JSON.stringify(formatLock(packages))),
    mostHeavyLayers,
    keep: keep.length === 0 ? undefined : [...keep],
    linkScripts,
    variables: Object.keys(variables).length === 0 ? undefined : { ...variables },
  };
}

const LABELS = {
  layout: "The form of the environment",
  arch: "The CPU architecture",
  packages: "The set of packages",
  mostHeavyLayers: "BP_HEAVY_LAYERS",
  keep: "BP_CONDA_KEEP",
  linkScripts: "BP_CONDA_LINK_SCRIPTS",
  variables: "The list of variables in the environment file",
} as const;

const recordedSchema = z.object({
  heavy: z.optional(z.record(z.string(), z.string())),
  distributions: z.optional(z.record(z.string(), z.string())),
});

/** An environment with links into a layer that the previous image does not have is made anew. */
function parserFor(found: ReadonlyMap<string, FoundLayer>): MetadataParser<Recorded> {
  return {
    parse(metadata) {
      // An empty table need not survive its way through JSON and TOML.
      const { heavy = {}, distributions = {} } = recordedSchema.parse(metadata);
      const missing = Object.values(heavy).find((name) => !found.has(name));
      if (missing !== undefined) throw new Error(`the layer ${missing} is missing`);
      return { heavy, distributions };
    },
  };
}
