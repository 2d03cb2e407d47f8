import * as z from "zod/mini";
import type { FoundLayer } from "../../../cnb/layer.ts";
import { sameValue } from "../../../cnb/layer.ts";
import type { TomlTable } from "../../../cnb/toml.ts";
import { sha256 } from "../../../kit/hash.ts";
import { type CondaPackage, formatLock, lockTableSchema, parseLock } from "../../../conda/lock.ts";

/** Raised when the same package gives another layer: then none that was made before holds. */
const LAYOUT = 1;

/** What decides a layer's bytes. Nothing of the app is in it: its layers may seed another's. */
export interface HeavyFacts {
  readonly package: CondaPackage;
  /** Files hold their prefix's path. */
  readonly layersDir: string;
  /** "3.12" or "3.13t", which the paths of packages name that fit any Python; undefined without Python. */
  readonly python: string | undefined;
  /** Rules that are off: they leave files where others are left out. */
  readonly keep: readonly string[];
  /** Packages' scripts were run, which may change files of others. */
  readonly linkScripts: boolean;
}

const metadataSchema = z.looseObject({ kB: z.number(), package: lockTableSchema });

/** What the layer of a heavy package says of itself. */
export interface Heavy {
  /** The package's. */
  readonly name: string;
  /** What lies in the layer, in kilobytes of 1000 bytes. */
  readonly kilobytes: number;
}

export function formatHeavy(facts: HeavyFacts, kilobytes: number): TomlTable {
  return { ...tableOf(facts), kB: kilobytes };
}

/** Undefined where it is another kind of layer. */
export function readHeavy({ metadata }: FoundLayer): Heavy | undefined {
  const parsed = metadataSchema.safeParse(metadata);
  const [one] = parsed.success ? (parseLock(parsed.data.package) ?? []) : [];
  if (one === undefined || !parsed.success) return undefined;
  return { name: one.name, kilobytes: parsed.data.kB };
}

/** Whether a layer that an earlier build left is what would be made today. */
export function isSameHeavy({ metadata }: FoundLayer, facts: HeavyFacts): boolean {
  const { kB: _weight, ...rest } = metadata;
  return sameValue(rest, withoutUndefined(tableOf(facts)));
}

/** Of what the package has outside of its layer, which goes with the layer alone. */
export function archiveName(facts: HeavyFacts): string {
  const digest = sha256(JSON.stringify(tableOf(facts)));
  return `${facts.package.name}-${digest.slice(0, 16)}.tar.zst`;
}

function tableOf({ package: one, layersDir, python, keep, linkScripts }: HeavyFacts): TomlTable {
  return {
    layout: LAYOUT,
    package: formatLock([one]),
    layers: layersDir,
    // Others are built for one Python and bear its version in the name of their build.
    python: one.subdir === "noarch" ? python : undefined,
    keep: keep.length === 0 ? undefined : [...keep],
    "link-scripts": linkScripts ? true : undefined,
  };
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));
}
