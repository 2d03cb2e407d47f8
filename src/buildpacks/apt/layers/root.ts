import { join } from "node:path";
import * as z from "zod/mini";
import type { FactChange, LayerFiles, MetadataParser } from "../../../cnb/layer.ts";
import type { TomlTable } from "../../../cnb/toml.ts";
import { type DebianLock, debianPackageSchema } from "../../../debian/lock.ts";
import type { BuildContext } from "../../../kit/buildpack.ts";
import { dayIn, today } from "../../../kit/lock-age.ts";
import { epochOf } from "../../../kit/lock-epoch.ts";
import { describeChange } from "../../../kit/log.ts";
import { readUpgrades, tellUpgrades } from "../../../kit/upgrades.ts";
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
  readonly renewal: Renewal;
  /** What compilers got at an earlier build. */
  readonly development: Development | undefined;
}

/** What is recorded of when the versions were chosen. */
interface Renewal {
  /** The UTC day on which all of them were; unknown of earlier forms of the layer. */
  readonly made?: string;
  /** The last value of BP_UPGRADE_PACKAGES that was followed. */
  readonly upgrade?: string;
}

export type Recorded = TomlTable &
  Renewal & {
    readonly packages: DebianLock;
    /** Names of the store layers. */
    readonly store: readonly string[];
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
  epoch: "BP_LOCK_EPOCH",
  upgrade: "BP_UPGRADE_PACKAGES",
};

export async function openRootLayer(context: BuildContext, asked: Asked): Promise<RootLayer> {
  const { env, log, settings } = context;
  const found = (await context.foundLayers()).get("root")?.metadata;
  const earlier = readRecorded(found);
  const previous = earlier?.packages ?? [];
  const epoch = epochOf(context, found);
  const upgrades = readUpgrades(settings, { found, names: previous.map(({ name }) => name) });
  const wanted: Facts = { layout: LAYOUT, ...asked.facts, epoch, ...upgrades.fact };
  const layer = await context.layer({
    name: "root",
    types: { launch: true },
    wanted,
    labels: LABELS,
    recorded: recordedParser,
  });
  const place = { files: layer, tree: join(layer.path, "tree") };
  if (layer.state === "kept") {
    tellUpgrades(log, upgrades);
    const { made, development } = layer.recorded;
    const renewal = { ...(made === undefined ? {} : { made }), ...upgrades.recorded };
    return {
      ...{ ...place, kept: layer.recorded, renewal, development },
      ...{ previous: [], preferences: [] },
    };
  }
  const { cause } = layer;
  if (cause.kind === "outdated") {
    log.list("Discarding the earlier packages since:", cause.changes.flatMap(describe));
  } else {
    log.discarding("the earlier packages", cause);
  }
  tellUpgrades(log, upgrades);
  const isSameEpoch = found?.["epoch"] === epoch;
  const preferences = isSameEpoch ? previous.filter(({ name }) => !upgrades.names.has(name)) : [];
  const made = preferences.length === 0 ? today(env) : dayIn(found);
  return {
    ...{ ...place, kept: undefined, previous, preferences },
    renewal: { ...(made === undefined ? {} : { made }), ...upgrades.recorded },
    // It holds paths.
    development: found?.["layersDir"] === context.layersDir ? earlier?.development : undefined,
  };
}

/** Of a layer's metadata; undefined where it has another form. */
export function readRecorded(metadata: unknown): Recorded | undefined {
  return recordedSchema.safeParse(metadata).data as Recorded | undefined;
}

const recordedSchema = z.object({
  packages: z.array(debianPackageSchema),
  store: z.array(z.string()),
  made: z.optional(z.string()),
  development: z.optional(developmentSchema),
});

const recordedParser: MetadataParser<Recorded> = {
  parse: (metadata) => recordedSchema.parse(metadata) as Recorded,
};

/** Of a table, each entry that has changed. */
function describe(change: FactChange): readonly string[] {
  const words = { files: describeFile, base: describePackage }[change.fact];
  if (words === undefined) return [describeChange(change)];
  const [before, after] = [tableOf(change.found), tableOf(change.wanted)];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .sort()
    .filter((name) => before[name] !== after[name])
    .map((name) => words(name, before[name], after[name]));
}

/** Digests say nothing to a reader. */
function describeFile(path: string, before?: string, after?: string): string {
  if (before === undefined) return `${path} is new`;
  return after === undefined ? `${path} is gone` : `${path} has changed`;
}

function describePackage(name: string, before?: string, after?: string): string {
  if (before === undefined) return `the run image has ${name} ${after} now`;
  if (after === undefined) return `the run image no longer has ${name}`;
  return `the run image has ${name} ${after} in place of ${before}`;
}

function tableOf(value: unknown): Readonly<Record<string, string | undefined>> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter(([, one]) => typeof one === "string"));
}
