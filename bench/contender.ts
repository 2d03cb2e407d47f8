import type { Engine } from "../scripts/lib/engine.ts";
import { removeImage } from "../scripts/lib/images.ts";
import { packBuild, removeCacheVolumes, runPack } from "../scripts/lib/pack.ts";
import type { BenchApp } from "./apps.ts";
import { buildByDockerfile, prune, startBuildKit } from "./buildkit.ts";
import { packPhases, type TimedLine } from "./pack-phases.ts";
import type { PhaseTime, Scenario } from "./result.ts";
import { argsOf, type BaseImages, fetchBaseImages, type Rival, writeDockerfile } from "./rivals.ts";

/** A way to make images: ours, or a Dockerfile. */
export interface Contender {
  readonly name: string;
  /** The scenarios that it takes part in; all where absent. */
  readonly only?: ReadonlySet<Scenario>;
  /** Whether a first build may take another image's layers; a Dockerfile has no other image to begin from. */
  readonly takesSeeds: boolean;
  /** The command that starts Python in its images, as for the app itself. */
  readonly python: readonly string[];
  /** Builds a folder; gives how long each part took, which add up to the whole. */
  readonly build: (build: BuildRequest) => Promise<readonly PhaseTime[]>;
  /** Puts the base image that the registry has now under the image of a folder. */
  readonly rebase: (build: BuildRequest) => Promise<readonly PhaseTime[]>;
  /** Has the next build of an image begin on a machine that has the base images alone. */
  readonly renew: (image: string) => Promise<void>;
  /** Removes what builds of an image have left on the machine. */
  readonly forget: (image: string) => Promise<void>;
  /** Ends what it has started. */
  readonly stop: () => Promise<void>;
}

export interface BuildRequest {
  /** The app's. */
  readonly folder: string;
  /** Its whole name; in a registry or in the engine. */
  readonly image: string;
  readonly target: "registry" | "engine";
  /** Builds begin on fresh machines: what helps the next one is kept in the registry. */
  readonly fresh?: boolean;
  /** Whose layers a first build may take, where the contender takes seeds. */
  readonly seed?: string;
}

export interface PackSettings {
  readonly name: string;
  readonly builder: string;
  /** In the registry. */
  readonly runImage: string;
  readonly env: Readonly<Record<string, string>>;
  readonly only?: ReadonlySet<Scenario>;
}

/** Builds by `pack` and a builder in the engine. */
export function byPack(engine: Engine, settings: PackSettings): Contender {
  const { name, builder, runImage, env, only } = settings;
  const forget = async (image: string) => {
    await removeCacheVolumes(engine, image);
    await removeImage(engine, image);
  };
  return {
    ...{ name, takesSeeds: true },
    // It sets where Debian's libraries are, and becomes the program then.
    python: ["launcher", "python3"],
    ...(only === undefined ? {} : { only }),
    build: async ({ folder, image, target, seed }) =>
      await timed((onLine) =>
        packBuild(engine, {
          ...{ name: image, path: folder, builder, env, onLine },
          ...(target === "registry" ? { publish: true, runImage } : {}),
          ...(seed === undefined ? {} : { previousImage: seed }),
          // The frozen index is on this machine, and speaks HTTP.
          withoutCertificates: true,
        }),
      ),
    rebase: async ({ image }) => {
      const began = performance.now();
      await runPack(engine, ["rebase", image, "--publish", "--run-image", runImage]);
      return [{ name: "rebase", seconds: (performance.now() - began) / 1000 }];
    },
    // The builder stays in the engine.
    ...{ renew: forget, forget },
    stop: async () => {},
  };
}

async function timed(
  action: (onLine: (line: string) => void) => Promise<unknown>,
): Promise<readonly PhaseTime[]> {
  const lines: TimedLine[] = [];
  const began = performance.now();
  await action((text) => lines.push({ text, at: performance.now() }));
  return packPhases(lines, { began, ended: performance.now() });
}

/** Builds by a Dockerfile, and a BuildKit that no other contender uses. */
export async function byDockerfile(
  engine: Engine,
  options: {
    readonly rival: Rival;
    readonly app: BenchApp;
    readonly bases: BaseImages;
    /** Values of ARGs, besides the base images. */
    readonly buildArgs: Readonly<Record<string, string>>;
  },
): Promise<Contender> {
  const { rival, app, bases, buildArgs } = options;
  const buildkit = await startBuildKit();
  const dockerfile = await writeDockerfile(rival, app);
  const build = async (request: BuildRequest) =>
    await buildByDockerfile(engine, buildkit, {
      ...{ ...request, dockerfile },
      buildArgs: { ...bases, ...buildArgs, ...(await argsOf(rival, request.folder)) },
    });
  const forget = async (image: string) => {
    await prune(buildkit);
    await removeImage(engine, image);
  };
  return {
    ...{ name: rival.name, takesSeeds: false, python: ["python3"], build },
    // Its base image has another digest then, and everything above it is built again.
    rebase: build,
    renew: async (image) => {
      await forget(image);
      await fetchBaseImages(buildkit, bases);
    },
    forget,
    stop: buildkit.stop,
  };
}
