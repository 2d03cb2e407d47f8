import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { exists, makeDirectory, writeFileWhole } from "./files.ts";
import { type EnvDelta, writeDelta } from "./layer-env.ts";
import { RuleViolation } from "./rule.ts";
import { type SbomFormat, writeSbom } from "./sbom.ts";
import { formatToml, readTomlIfPresent, type TomlTable, type TomlValue } from "./toml.ts";

/** Specification: "Layer Types". */
export interface LayerTypes {
  /** In the image. */
  readonly launch?: boolean;
  /** In the environment of later buildpacks. */
  readonly build?: boolean;
  /** Restored with its contents at the next build. */
  readonly cache?: boolean;
}

/** In the image and nowhere else: only the build that makes such a layer has its contents. */
export const LAUNCH_ONLY = { launch: true } as const;

/**
 * What is wanted in a layer, and what an earlier build left of it.
 *
 * `wanted` holds small readable facts that decide the layer's bytes (versions, architecture,
 * a lock file's digest); they are kept in the layer's metadata and compared one by one, so that
 * the log can say what has changed. `labels` gives each fact its name in the log. `recorded` reads
 * facts that are only known once the layer is made; they are kept, not compared.
 */
export interface LayerSpec<W extends TomlTable, R extends TomlTable = Record<string, never>> {
  readonly name: string;
  readonly types: LayerTypes;
  readonly wanted: W;
  readonly labels: { readonly [Fact in keyof W]: string };
  readonly recorded?: MetadataParser<R>;
}

/** Throws where the metadata is not of the form; the layer is then made anew. */
export interface MetadataParser<R> {
  parse(metadata: unknown): R;
}

/**
 * - `kept`: what was found is what is wanted. The contents of a launch-only layer are *not* on
 *   disk: the exporter takes the previous image's layer by digest, which is why it costs nothing.
 *   With `cache` they are.
 * - `empty`: an empty directory to be filled, and the cause. Call `commit` once it is.
 */
export type Layer<R extends TomlTable = Record<string, never>> = LayerFiles<R> &
  (
    | { readonly state: "kept"; readonly recorded: R }
    | { readonly state: "empty"; readonly cause: EmptyCause }
  );

export type EmptyCause =
  | { readonly kind: "new" }
  | { readonly kind: "unreadable"; readonly issue: string; readonly found: FoundMetadata }
  | { readonly kind: "without-contents" }
  | {
      readonly kind: "outdated";
      readonly changes: readonly FactChange[];
      readonly found: FoundMetadata;
    };

/** All the metadata that the earlier build left, recorded facts among it. */
type FoundMetadata = Readonly<Record<string, unknown>>;

/** One fact that differs. `found` is undefined where the earlier build did not know the fact. */
export interface FactChange {
  readonly fact: string;
  readonly label: string;
  readonly found: TomlValue | undefined;
  readonly wanted: TomlValue | undefined;
}

/** A layer of an earlier build, as the lifecycle restored it. */
export interface FoundLayer {
  readonly name: string;
  readonly metadata: Record<string, unknown>;
  readonly hasContents: boolean;
}

/**
 * The directory and files of one layer. Nothing counts until `commit`: the lifecycle ignores a
 * directory without a `<layer>.toml` that has types, so a killed build leaves nothing behind.
 */
export class LayerFiles<R extends TomlTable = Record<string, never>> {
  readonly name: string;
  readonly path: string;
  readonly #place: LayerPlace;
  readonly #types: LayerTypes;
  readonly #wanted: TomlTable;

  constructor(place: LayerPlace, name: string, types: LayerTypes, wanted: TomlTable) {
    checkLayerName(name);
    if (!types.launch && !types.build && !types.cache) {
      throw new RuleViolation("layer-without-type", name);
    }
    this.name = name;
    this.path = join(place.layersDir, name);
    this.#place = place;
    this.#types = types;
    this.#wanted = wanted;
  }

  /** Writes `<layer>.toml`: the work is done and the layer counts. */
  async commit(...[recorded]: R extends Record<string, never> ? [] : [R]): Promise<void> {
    if (this.#types.cache && !(await exists(this.path))) {
      throw new RuleViolation("layer-cached-without-contents", this.name);
    }
    await writeLayerToml(this.#place.layersDir, this.name, this.#types, {
      ...this.#wanted,
      ...recorded,
    });
  }

  async writeEnv(delta: EnvDelta): Promise<void> {
    await writeDelta(this.path, delta);
  }

  /**
   * A program that the launcher runs before the process starts; it prints TOML to file
   * descriptor 3. It runs at every start: keep it to milliseconds. Specification: "exec.d".
   */
  async writeExecD(name: string, script: string): Promise<void> {
    await writeFileWhole(join(this.path, "exec.d", name), script, 0o755);
  }

  async writeSbom(format: SbomFormat, document: string): Promise<void> {
    await writeSbom(this.#place.layersDir, this.#place.sbomMediaTypes, this.name, format, document);
  }
}

/** Where a buildpack's layers are, and which SBOM media types its buildpack.toml declares. */
export interface LayerPlace {
  readonly layersDir: string;
  readonly sbomMediaTypes: readonly string[];
}

/** Compares what is wanted with what the lifecycle restored. */
export async function openLayer<W extends TomlTable, R extends TomlTable>(
  place: LayerPlace,
  asked: LayerSpec<W, R>,
): Promise<Layer<R>> {
  const spec = withLayersDir(asked, place.layersDir);
  const files = new LayerFiles<R>(place, spec.name, spec.types, spec.wanted);
  const found = await findLayer(place.layersDir, spec.name);
  const judged = judge(spec, found);

  if (judged.state === "empty") {
    await emptyLayer(place.layersDir, spec.name);
    return Object.assign(files, judged);
  }
  await writeLayerToml(place.layersDir, spec.name, spec.types, {
    ...spec.wanted,
    ...judged.recorded,
  });
  await removeLeftovers(place.layersDir, spec.name, spec.types);
  return Object.assign(files, judged);
}

/**
 * A layer in an image holds absolute paths, its own place among them, and platforms may choose
 * another layers directory than the one in which the previous image was built.
 */
function withLayersDir<R extends TomlTable>(
  spec: LayerSpec<TomlTable, R>,
  layersDir: string,
): LayerSpec<TomlTable, R> {
  if (spec.types.launch !== true) return spec;
  return {
    ...spec,
    wanted: { ...spec.wanted, layersDir },
    labels: { ...spec.labels, layersDir: "The layers directory" },
  };
}

/** The layers that the lifecycle restored for this buildpack, contents or not, by name. */
export async function findLayers(layersDir: string): Promise<ReadonlyMap<string, FoundLayer>> {
  const names = (await readdir(layersDir))
    .filter((file) => file.endsWith(".toml"))
    .map((file) => file.slice(0, -".toml".length))
    .filter((name) => !RESERVED_NAMES.has(name))
    .sort();
  const layers = await Promise.all(names.map((name) => findLayer(layersDir, name)));
  return new Map(layers.filter((layer) => layer !== undefined).map((layer) => [layer.name, layer]));
}

/** Only a cached layer has its contents from the lifecycle. Specification: "Layer Types". */
function restoresContents(types: LayerTypes): boolean {
  return types.cache === true;
}

/**
 * What lies there under a kept launch layer is of a build that was killed, on a platform whose
 * layers directory outlives a build; it would be exported in place of the previous image's layer.
 */
async function removeLeftovers(layersDir: string, name: string, types: LayerTypes): Promise<void> {
  if (restoresContents(types)) return;
  await rm(join(layersDir, name), { recursive: true, force: true });
}

/** Lets a found layer stand as it is. */
export async function keepLayer(
  place: LayerPlace,
  { name, metadata }: FoundLayer,
  types: LayerTypes,
): Promise<void> {
  const files = new LayerFiles(place, name, types, metadata as Record<string, never>);
  await removeLeftovers(place.layersDir, name, types);
  await files.commit();
}

/** Removes what an earlier build, or an unfinished one, left, and makes the directory. */
export async function emptyLayer(layersDir: string, name: string): Promise<void> {
  await removeLayer(layersDir, name);
  await makeDirectory(join(layersDir, name));
}

async function removeLayer(layersDir: string, name: string): Promise<void> {
  await rm(join(layersDir, `${name}.toml`), { force: true });
  await rm(join(layersDir, name), { recursive: true, force: true });
  for (const format of ["cdx", "spdx", "syft"]) {
    await rm(join(layersDir, `${name}.sbom.${format}.json`), { force: true });
  }
}

const RESERVED_NAMES = new Set(["build", "launch", "store", "sbom"]);

function checkLayerName(name: string): void {
  if (RESERVED_NAMES.has(name)) throw new RuleViolation("layer-name-reserved", name);
  if (!/^[A-Za-z0-9_-]+$/.test(name)) throw new RuleViolation("layer-name-plain", name);
}

async function findLayer(layersDir: string, name: string): Promise<FoundLayer | undefined> {
  let document: Record<string, unknown> | undefined;
  try {
    document = await readTomlIfPresent(join(layersDir, `${name}.toml`));
  } catch {
    return undefined;
  }
  if (document === undefined) return undefined;
  if ("launch" in document || "build" in document || "cache" in document) {
    throw new RuleViolation("layer-types-at-top-level", `${name}.toml`);
  }
  const metadata = (document["metadata"] ?? {}) as Record<string, unknown>;
  return { name, metadata, hasContents: await exists(join(layersDir, name)) };
}

type Judged<R> =
  | { readonly state: "kept"; readonly recorded: R }
  | { readonly state: "empty"; readonly cause: EmptyCause };

function judge<W extends TomlTable, R extends TomlTable>(
  spec: LayerSpec<W, R>,
  found: FoundLayer | undefined,
): Judged<R> {
  if (found === undefined) return { state: "empty", cause: { kind: "new" } };

  const changes = compareFacts(spec, found.metadata);
  if (changes.length > 0) {
    return { state: "empty", cause: { kind: "outdated", changes, found: found.metadata } };
  }

  // The lifecycle gives back only the metadata of a launch layer that is not cached; a cached
  // layer without contents, or a build layer, cannot stand as it is.
  if ((restoresContents(spec.types) || spec.types.build === true) && !found.hasContents) {
    return { state: "empty", cause: { kind: "without-contents" } };
  }
  try {
    const recorded = spec.recorded?.parse(withoutFacts(found.metadata, spec.wanted)) ?? ({} as R);
    return { state: "kept", recorded };
  } catch (error) {
    const issue = error instanceof Error ? error.message : String(error);
    return { state: "empty", cause: { kind: "unreadable", issue, found: found.metadata } };
  }
}

function compareFacts<W extends TomlTable>(
  { wanted, labels }: Pick<LayerSpec<W>, "wanted" | "labels">,
  found: Record<string, unknown>,
): readonly FactChange[] {
  return Object.keys(wanted)
    .filter((fact) => !sameValue(wanted[fact], found[fact]))
    .map((fact) => ({
      fact,
      label: labels[fact] ?? fact,
      found: found[fact] as TomlValue | undefined,
      wanted: wanted[fact],
    }));
}

function withoutFacts(metadata: Record<string, unknown>, wanted: TomlTable): unknown {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !(key in wanted)));
}

/** Tables are equal whatever the order of their keys: TOML does not keep it. */
export function sameValue(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      inner !== null && typeof inner === "object" && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? "undefined"
  );
}

async function writeLayerToml(
  layersDir: string,
  name: string,
  types: LayerTypes,
  metadata: TomlTable,
): Promise<void> {
  const { launch = false, build = false, cache = false } = types;
  const text = formatToml({ types: { launch, build, cache }, metadata });
  await writeFileWhole(join(layersDir, `${name}.toml`), text);
}
