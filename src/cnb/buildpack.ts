import type { Binding } from "./bindings.ts";
import type { Detect } from "./detect.ts";
import type { Env } from "./env.ts";
import type { FoundLayer, Layer, LayerFiles, LayerSpec, LayerTypes } from "./layer.ts";
import type { Launch } from "./launch.ts";
import type { PlanEntries } from "./plan.ts";
import type { SbomFormat } from "./sbom.ts";
import type { Target } from "./target.ts";
import type { TomlTable } from "./toml.ts";

/** A buildpack: when it takes part, and what it does then. */
export interface Buildpack {
  readonly detect: Detect;
  build(context: BuildContext): Promise<BuildResult>;
  /**
   * Makes the contents of layers that the lifecycle does not restore again, at the same path, from
   * metadata. A later buildpack that must have them runs the command of
   * {@link BuildContext.recreateCommand}.
   */
  readonly recreate?: { readonly [layer: string]: (context: RecreateContext) => Promise<void> };
}

/** What buildpack.toml says of the buildpack itself. */
export interface BuildpackDescriptor {
  readonly id: string;
  readonly version: string;
  readonly sbomFormats: readonly string[];
}

/** What a phase is given by the lifecycle. Specification: "Build", "Environment". */
export interface PhaseContext {
  readonly buildpack: BuildpackDescriptor;
  readonly buildpackDir: string;
  /** The app's files. Never hard-coded: platforms use other directories than /workspace. */
  readonly appDir: string;
  readonly layersDir: string;
  readonly platformDir: string;
  readonly target: Target;
  /** The process environment, the user's variables among it. */
  readonly env: Env;
  readBindings(): Promise<readonly Binding[]>;
}

export interface BuildContext extends PhaseContext {
  readonly plan: PlanEntries;
  /** store.toml of the previous build; empty where there was none. */
  readonly store: Record<string, unknown>;

  /** A layer whose earlier contents stand as long as the wanted facts are the same. */
  layer<W extends TomlTable, R extends TomlTable = Record<string, never>>(
    spec: LayerSpec<W, R>,
  ): Promise<Layer<R>>;

  /** A layer that is made at every build, empty to begin with. */
  freshLayer<R extends TomlTable = Record<string, never>>(
    name: string,
    types: LayerTypes,
  ): Promise<LayerFiles<R>>;

  /**
   * Every layer that the lifecycle restored, by name, for buildpacks that decide over many layers
   * together. A restored layer that is not asked for again leaves the image.
   */
  foundLayers(): Promise<ReadonlyMap<string, FoundLayer>>;

  /** Lets a found launch-only layer stand as it is: its contents stay absent, its metadata too. */
  keepLayer(found: FoundLayer, types: LayerTypes): Promise<void>;

  /** The shell command that makes a layer's contents, from its metadata, where they are absent. */
  recreateCommand(layer: string): string;
}

export interface RecreateContext extends PhaseContext {
  /** Empty metadata where the directory is that of no layer. */
  readonly layer: { readonly path: string; readonly metadata: Record<string, unknown> };

  /** All layers of the buildpack in this build, by name. */
  foundLayers(): Promise<ReadonlyMap<string, FoundLayer>>;
}

export interface BuildResult {
  readonly launch?: Launch;
  /** Plan entries that this buildpack leaves to the next provider. */
  readonly unmet?: readonly string[];
  /** Kept in the image's metadata and given to the next build, whatever becomes of the layers. */
  readonly store?: TomlTable;
  readonly launchSbom?: { readonly [Format in SbomFormat]?: string };
  readonly buildSbom?: { readonly [Format in SbomFormat]?: string };
}
