import * as z from "zod/mini";
import type { FoundLayer } from "../../cnb/layer.ts";
import { sameValue } from "../../cnb/layer.ts";
import type { TomlTable } from "../../cnb/toml.ts";
import { describeChange } from "../../kit/log.ts";
import { type Distribution, distributionSchema } from "../lock.ts";
import { builtAgainstFor } from "../wheels/built-against.ts";
import { isSource } from "../wheels/source.ts";
import type { Footprint } from "./footprint.ts";
import type { LayerPlan } from "./layer-plan.ts";

/** Raised when the layout of layers changes: then no earlier layer holds. */
const LAYOUT = 3;

/** What decides a layer's bytes besides its distributions. */
export interface MadeWith {
  /** "3.13" */
  readonly python: string;
  readonly arch: string;
  /** With its version, which stands for the C library: "debian 13". */
  readonly distro: string;
  /** Scripts and bytecode hold their own absolute path. */
  readonly layersDir: string;
  /** What wheels built from source were built against; it counts for layers that have one. */
  readonly builtAgainst: readonly string[];
}

/** A layer that an earlier build has left, as its metadata tells it. */
export interface MadeLayer {
  readonly plan: LayerPlan;
  readonly interpreter: string | undefined;
  /** Whether packages that come with the interpreter are seen, too. */
  readonly systemSitePackages?: boolean;
  readonly madeWith: MadeWith;
  readonly distributions: readonly Distribution[];
  readonly footprints: ReadonlyMap<string, Footprint>;
}

// The whole of it ends up in one label of the image, so what is usual is left out.
const packageSchema = z.looseObject({
  kB: z.number(),
  packages: z.optional(z.array(z.string())),
  outside: z.optional(z.array(z.string())),
  siblings: z.optional(z.array(z.string())),
  startup: z.optional(z.boolean()),
  apart: z.optional(z.boolean()),
});

const metadataSchema = z.object({
  layout: z.literal(LAYOUT),
  python: z.string(),
  arch: z.string(),
  distro: z.string(),
  layers: z.string(),
  interpreter: z.optional(z.string()),
  "system-site-packages": z.optional(z.boolean()),
  "built-against": z.optional(z.array(z.string())),
  joined: z.optional(z.array(z.string())),
  "library-path": z.optional(z.string()),
  links: z.optional(z.record(z.string(), z.string())),
  distributions: z.record(z.string(), packageSchema),
});

/** Undefined where the metadata is not of this form: the layer is then made anew. */
export function parseMetadata({ name, metadata }: FoundLayer): MadeLayer | undefined {
  const parsed = metadataSchema.safeParse(metadata);
  if (!parsed.success) return undefined;
  const { data } = parsed;
  const entries = Object.entries(data.distributions);
  const distributions = entries.map(([distribution, entry]) =>
    distributionFrom(distribution, entry),
  );
  if (distributions.includes(undefined)) return undefined;
  return {
    plan: {
      name,
      members: entries.map(([distribution]) => distribution).sort(),
      links: data.links ?? {},
      joined: data.joined ?? [],
      ...(data["library-path"] === undefined ? {} : { libraryPath: data["library-path"] }),
    },
    interpreter: data.interpreter,
    systemSitePackages: data["system-site-packages"] === true,
    madeWith: {
      python: data.python,
      arch: data.arch,
      distro: data.distro,
      layersDir: data.layers,
      builtAgainst: data["built-against"] ?? [],
    },
    distributions: distributions.filter((one) => one !== undefined),
    footprints: new Map(
      entries.map(([distribution, entry]) => [distribution, footprintFrom(distribution, entry)]),
    ),
  };
}

/** Why {@link parseMetadata} could not read it; none where it is no layer of packages. */
export function reasonUnreadable({ metadata }: FoundLayer): readonly string[] {
  const { layout, distributions } = metadata;
  if (distributions === undefined) return [];
  if (typeof layout !== "number" || layout === LAYOUT) return ["its metadata can't be read"];
  return [
    describeChange({ fact: "layout", label: "The form of layers", found: layout, wanted: LAYOUT }),
  ];
}

export function formatMetadata(layer: MadeLayer): TomlTable {
  const { plan, madeWith, interpreter } = layer;
  const builtAgainst = builtAgainstFor(
    layer.distributions.filter(isSource).map(({ name }) => name),
    layer.distributions.some(isSource) ? madeWith.builtAgainst : [],
  );
  return {
    layout: LAYOUT,
    python: madeWith.python,
    arch: madeWith.arch,
    distro: madeWith.distro,
    layers: madeWith.layersDir,
    interpreter,
    "system-site-packages": layer.systemSitePackages === true ? true : undefined,
    "built-against": builtAgainst.length > 0 ? builtAgainst : undefined,
    joined: plan.joined.length > 0 ? plan.joined : undefined,
    "library-path": plan.libraryPath,
    links: Object.keys(plan.links).length > 0 ? plan.links : undefined,
    distributions: Object.fromEntries(
      layer.distributions.map((distribution) => [
        distribution.name,
        entryFor(distribution, layer.footprints.get(distribution.name)),
      ]),
    ),
  };
}

/** True where both are the same file, commit or tree. */
export function sameDistribution(a: Distribution, b: Distribution): boolean {
  return sameValue(withoutUndefined(a), withoutUndefined(b));
}

function entryFor(distribution: Distribution, footprint: Footprint | undefined): TomlTable {
  const { name, from, ...facts } = distribution;
  const { kilobytes = 0, packages = [], outside = [], siblings = [] } = footprint ?? {};
  return {
    ...facts,
    from: from === "wheel" ? undefined : from,
    kB: kilobytes,
    packages: sameValue(packages, [usualPackage(name)]) ? undefined : packages,
    outside: outside.length > 0 ? outside : undefined,
    siblings: siblings.length > 0 ? siblings : undefined,
    startup: footprint?.startup === true ? true : undefined,
    apart: footprint?.apart === true ? true : undefined,
  };
}

function distributionFrom(
  name: string,
  entry: z.infer<typeof packageSchema>,
): Distribution | undefined {
  const parsed = distributionSchema.safeParse({ from: "wheel", ...entry, name });
  return parsed.success ? parsed.data : undefined;
}

function footprintFrom(name: string, entry: z.infer<typeof packageSchema>): Footprint {
  return {
    kilobytes: entry.kB,
    packages: entry.packages ?? [usualPackage(name)],
    outside: entry.outside ?? [],
    siblings: entry.siblings ?? [],
    startup: entry.startup ?? false,
    apart: entry.apart ?? false,
  };
}

function usualPackage(name: string): string {
  return name.replaceAll("-", "_");
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));
}
