import { join } from "node:path";
import type { Interpreter } from "../interpreter.ts";
import { type Footprint, NVIDIA } from "./footprint.ts";
import { ENVIRONMENT_LAYER, placeInLayer, sitePackagesIn } from "./paths.ts";
import { covers, LIGHT_LAYERS, type Split } from "./split.ts";

/** What is to be in one layer besides the files of its distributions. */
export interface LayerPlan {
  readonly name: string;
  /** Normalised names, sorted. */
  readonly members: readonly string[];
  /**
   * Symbolic links: the path, and the layer that has what it names. In the environment the path is
   * relative to the venv, elsewhere to the layer's site-packages.
   */
  readonly links: { readonly [path: string]: string };
  /** The layers whose site-packages the environment adds to Python's path; none elsewhere. */
  readonly joined: readonly string[];
  /** The layer whose CUDA libraries the loader is told of; only in the environment's plan. */
  readonly libraryPath?: string;
}

export interface PlanOptions {
  readonly interpreter: Interpreter;
  /** Whether something finds CUDA's libraries by the loader's path alone. */
  readonly needsLibraryPath: boolean;
}

/** Follows from footprints alone, so that layers that stand can be judged without their files. */
export function planLayers(
  split: Split,
  footprints: ReadonlyMap<string, Footprint>,
  { interpreter, needsLibraryPath }: PlanOptions,
): ReadonlyMap<string, LayerPlan> {
  const layerOf = new Map(
    [...split].flatMap(([layer, members]) => members.map((member) => [member, layer] as const)),
  );
  const ownerOf = (path: string) => ownerLayer(path, footprints, layerOf);
  const libraries = needsLibraryPath ? ownerOf(NVIDIA) : undefined;
  return new Map(
    [...split].map(([name, members]) => {
      const links = siblingLinks(name, members, footprints, ownerOf);
      const plan: LayerPlan =
        name === ENVIRONMENT_LAYER
          ? {
              name,
              members,
              links: environmentLinks(links, split, footprints, interpreter),
              joined: joinedLayers(split),
              ...(libraries === undefined ? {} : { libraryPath: libraries }),
            }
          : { name, members, links, joined: [] };
      return [name, plan] as const;
    }),
  );
}

/** Light layers whether they are there or not: the first package of one leaves the environment as it is. */
function joinedLayers(split: Split): readonly string[] {
  const layers = new Set([...split.keys(), ...LIGHT_LAYERS]);
  layers.delete(ENVIRONMENT_LAYER);
  return [...layers].sort();
}

/** Where the link at a path leads to. */
export function linkTarget(
  { name }: Pick<LayerPlan, "name">,
  path: string,
  owner: string,
  layersDir: string,
  interpreter: Interpreter,
): string {
  const inVenv = name === ENVIRONMENT_LAYER ? path : `${sitePackagesIn(interpreter)}/${path}`;
  return owner === ENVIRONMENT_LAYER
    ? join(layersDir, ENVIRONMENT_LAYER, "venv", inVenv)
    : join(layersDir, owner, placeInLayer(inVenv, interpreter));
}

function siblingLinks(
  layer: string,
  members: readonly string[],
  footprints: ReadonlyMap<string, Footprint>,
  ownerOf: (path: string) => string | undefined,
): Record<string, string> {
  const paths = members.flatMap((member) => footprints.get(member)?.siblings ?? []).sort();
  const links = [...new Set(paths)].map((path) => [path, ownerOf(path)] as const);
  return Object.fromEntries(
    links.filter((link): link is [string, string] => link[1] !== undefined && link[1] !== layer),
  );
}

function environmentLinks(
  siblings: Record<string, string>,
  split: Split,
  footprints: ReadonlyMap<string, Footprint>,
  interpreter: Interpreter,
): Record<string, string> {
  const site = sitePackagesIn(interpreter);
  const links: Record<string, string> = {};
  // cuda-pathfinder and others look for NVIDIA's libraries in the venv's site-packages only.
  if (split.has(NVIDIA)) links[`${site}/${NVIDIA}`] = NVIDIA;
  for (const [path, owner] of Object.entries(siblings)) links[`${site}/${path}`] = owner;
  for (const [layer, members] of split) {
    if (layer === ENVIRONMENT_LAYER) continue;
    const outside = members.flatMap((member) => footprints.get(member)?.outside ?? []);
    for (const path of outside) links[path] = layer;
  }
  return Object.fromEntries(Object.entries(links).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function ownerLayer(
  path: string,
  footprints: ReadonlyMap<string, Footprint>,
  layerOf: ReadonlyMap<string, string>,
): string | undefined {
  const [owner] =
    [...footprints].find(([, { packages }]) =>
      packages.some((one) => covers(one, path) || one.startsWith(`${path}/`)),
    ) ?? [];
  return owner === undefined ? undefined : layerOf.get(owner);
}
