import { join } from "node:path";
import * as z from "zod/mini";
import type { FactChange, LayerFiles, MetadataParser } from "../../../cnb/layer.ts";
import type { TomlTable } from "../../../cnb/toml.ts";
import { type DebianLock, debianPackageSchema } from "../../../debian/lock.ts";
import type { BuildContext } from "../../../kit/buildpack.ts";
import { type ChangedEntry, changedEntries, describeEntry } from "../../../kit/changed-entries.ts";
import { describeChange } from "../../../kit/log.ts";
import { readRenewal, RENEWAL_LABELS } from "../../../kit/renewal.ts";
import { tellUpgrades } from "../../../kit/upgrades.ts";
import { type Development, developmentSchema } from "../development.ts";
import { ASKED_LABELS, type Asked, type AskedFacts } from "../asked.ts";

/**
 * The layer `root`: one tree in which all packages' files are found at the places that Debian gives
 * them, as links into the store layers; and what decides whether all that was made still holds.
 */
export interface RootLayer {
  readonly files: LayerFiles<Recorded>;
  readonly tree: string;
  /** What an earlier build has recorded, where it holds. */
  readonly kept: Recorded | undefined;
  /** The lock of an earlier build. */
  readonly previous: DebianLock;
  /** What of it is kept where the archive has it; nothing with a new epoch. */
  readonly preferences: DebianLock;
  /** The UTC day of those versions; unknown of earlier forms of the layer. */
  readonly made: string | undefined;
  /** The last value of BP_UPGRADE_PACKAGES, to be recorded. */
  readonly upgrade: { readonly upgrade?: string };
  /** What compilers got at an earlier build. */
  readonly development: Development | undefined;
}

const recordedSchema = z.object({
  packages: z.array(debianPackageSchema),
  /** Names of the store layers. */
  store: z.array(z.string()),
  /** The UTC day on which all versions were chosen; unknown of earlier forms of the layer. */
  made: z.optional(z.string()),
  development: z.optional(developmentSchema),
});

export type Recorded = TomlTable & {
  readonly packages: DebianLock;
  readonly store: readonly string[];
  readonly made?: string | undefined;
  readonly upgrade?: string;
  readonly development?: Development;
};

/** Raised when the same packages would give another tree. */
const LAYOUT = 1;

interface Facts extends AskedFacts {
  readonly layout: number;
  readonly epoch: string | undefined;
  readonly upgrade?: string;
}

const LABELS: { readonly [Fact in keyof Facts]-?: string } = {
  layout: "The form of the layers",
  ...ASKED_LABELS,
  ...RENEWAL_LABELS,
};

export async function openRootLayer(context: BuildContext, asked: Asked): Promise<RootLayer> {
  const { log } = context;
  const found = (await context.foundLayers()).get("root")?.metadata;
  const earlier = readRecorded(found);
  const previous = earlier?.packages ?? [];
  const renewal = readRenewal(context, { found, packages: previous });
  const wanted: Facts = { layout: LAYOUT, ...asked.facts, ...renewal.facts };
  const layer = await context.layer({
    name: "root",
    types: { launch: true },
    wanted,
    labels: LABELS,
    recorded: recordedParser,
  });
  const { made, preferences, upgrades } = renewal;
  const common = {
    ...{ files: layer, tree: join(layer.path, "tree") },
    ...{ made, upgrade: upgrades.recorded },
  };
  if (layer.state === "kept") {
    tellUpgrades(log, upgrades);
    const { development } = layer.recorded;
    return { ...common, kept: layer.recorded, development, previous: [], preferences: [] };
  }
  log.discarding("the earlier packages", layer.cause, describe);
  tellUpgrades(log, upgrades);
  return {
    ...{ ...common, kept: undefined, previous, preferences },
    // It holds paths.
    development: found?.["layersDir"] === context.layersDir ? earlier?.development : undefined,
  };
}

/** Of a layer's metadata; undefined where it has another form. */
export function readRecorded(metadata: unknown): Recorded | undefined {
  return recordedSchema.safeParse(metadata).data as Recorded | undefined;
}

const recordedParser: MetadataParser<Recorded> = {
  parse: (metadata) => recordedSchema.parse(metadata) as Recorded,
};

/** Of a table, each entry that has changed. */
function describe(change: FactChange): readonly string[] {
  const { fact } = change;
  if (fact !== "files" && fact !== "base") return [describeChange(change)];
  return changedEntries(change).map(
    fact === "base" ? describePackage : (one) => describeEntry(one),
  );
}

function describePackage({ name, found, wanted }: ChangedEntry): string {
  if (found === undefined) return `the run image has ${name} ${wanted} now`;
  if (wanted === undefined) return `the run image no longer has ${name}`;
  return `the run image has ${name} ${wanted} in place of ${found}`;
}
