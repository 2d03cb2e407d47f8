import { join } from "node:path";
import * as z from "zod/mini";
import type { FactChange, LayerFiles, MetadataParser } from "../../../cnb/layer.ts";
import type { TomlTable } from "../../../cnb/toml.ts";
import { type DebianLock, debianPackageSchema } from "../../../debian/lock.ts";
import type { BuildContext } from "../../../kit/buildpack.ts";
import { describeChange } from "../../../kit/log.ts";
import { type Development, developmentSchema } from "../development.ts";
import { ASKED_LABELS, type Asked } from "../asked.ts";

/**
 * The layer `root`: one tree in which all packages' files are found at the places that Debian gives
 * them, as links into the store layers; and what decides whether all that was made still holds.
 */
export interface RootLayer {
  readonly files: LayerFiles<Recorded>;
  readonly tree: string;
  /** What an earlier build has recorded, where it holds. */
  readonly kept: Recorded | undefined;
  /** The lock of an earlier build whose versions are to be kept. */
  readonly previous: DebianLock;
  /** What compilers got at an earlier build. */
  readonly development: Development | undefined;
}

export type Recorded = TomlTable & {
  readonly packages: DebianLock;
  /** Names of the store layers. */
  readonly store: readonly string[];
  readonly development?: Development;
};

/** Raised when the same packages would give another tree. */
const LAYOUT = 1;

export async function openRootLayer(context: BuildContext, asked: Asked): Promise<RootLayer> {
  const layer = await context.layer({
    name: "root",
    types: { launch: true },
    wanted: { layout: LAYOUT, ...asked.facts },
    labels: { layout: "The form of the layers", ...ASKED_LABELS },
    recorded: recordedParser,
  });
  const place = { files: layer, tree: join(layer.path, "tree") };
  if (layer.state === "kept") {
    const { development } = layer.recorded;
    return { ...place, kept: layer.recorded, previous: [], development };
  }
  const { cause } = layer;
  if (cause.kind === "outdated") {
    context.log.list("Discarding the earlier packages since:", cause.changes.flatMap(describe));
  } else {
    context.log.discarding("the earlier packages", cause);
  }
  const found = "found" in cause ? cause.found : {};
  const isSameEpoch = found["epoch"] === asked.facts.epoch;
  const earlier = readRecorded(found);
  return {
    ...place,
    kept: undefined,
    previous: (isSameEpoch && earlier?.packages) || [],
    // It holds paths.
    development: found["layersDir"] === context.layersDir ? earlier?.development : undefined,
  };
}

/** Of a layer's metadata; undefined where it has another form. */
export function readRecorded(metadata: unknown): Recorded | undefined {
  return recordedSchema.safeParse(metadata).data as Recorded | undefined;
}

const recordedSchema = z.object({
  packages: z.array(debianPackageSchema),
  store: z.array(z.string()),
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
