import { join } from "node:path";
import { sha256 } from "../../src/kit/hash.ts";
import { caBindingArguments } from "./ca-binding.ts";
import { cleanUpLater } from "./cleanup.ts";
import { readAll } from "./command.ts";
import { askEngine, askEngineIfPossible, type Engine } from "./engine.ts";
import { forgetRunImageCopiesLater, removeImage } from "./images.ts";
import { CACHE, TOOLS_BIN } from "./paths.ts";

export interface PackBuild {
  /** The image to make; with `publish`, in a registry. */
  readonly name: string;
  /** The app's folder. */
  readonly path: string;
  readonly builder: string;
  readonly runImage?: string;
  readonly publish?: boolean;
  /**
   * What runs the lifecycle where the builder has extensions; builder, run image and this one are
   * then pulled.
   */
  readonly lifecycleImage?: string;
  readonly previousImage?: string;
  /** Where the cache goes instead of to a volume; with `publish` only. */
  readonly cacheImage?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** "source:target[:options]" */
  readonly volumes?: readonly string[];
  readonly clearCache?: boolean;
  /** The host's, unless told otherwise: a registry on 127.0.0.1 must be within reach. */
  readonly network?: string;
  /** Further arguments, as typed. */
  readonly args?: readonly string[];
  /** Leaves image and cache in the engine when the command ends. */
  readonly keep?: boolean;
  /** Does without the binding that has the build trust this machine's certificates. */
  readonly withoutCertificates?: boolean;
  /** Gets each line as it comes. */
  readonly onLine?: (line: string) => void;
}

/** Runs `pack build`; gives all that it prints. Throws a CommandError, which has that, too. */
export async function packBuild(engine: Engine, build: PackBuild): Promise<string> {
  if (build.keep !== true) {
    cleanUpLater(`what pack made for ${build.name}`, () => forgetBuild(engine, build));
    if (build.lifecycleImage !== undefined) await forgetRunImageCopiesLater(engine);
  }
  const args = [
    ...["build", build.name, "--path", build.path, "--builder", build.builder],
    ...trustArguments(build),
    ...["--network", build.network ?? "host"],
    ...option("--run-image", build.runImage),
    ...option("--previous-image", build.previousImage),
    ...option("--cache-image", build.cacheImage),
    ...(build.publish === true ? ["--publish"] : []),
    ...(build.clearCache === true ? ["--clear-cache"] : []),
    ...Object.entries(build.env ?? {}).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    ...(build.volumes ?? []).flatMap((volume) => ["--volume", volume]),
    ...(build.withoutCertificates === true ? [] : await caBindingArguments()),
    // Podman has no socket where pack looks for Docker's: https://buildpacks.io/docs/for-app-developers/how-to/special-cases/build-on-podman/
    ...(engine.kind === "podman" ? ["--docker-host", "inherit"] : []),
    ...(build.args ?? []),
  ];
  return await runPack(engine, args, build.onLine);
}

/** A builder that is trusted runs the creator, which knows no extensions. */
function trustArguments({ lifecycleImage }: PackBuild): readonly string[] {
  return lifecycleImage === undefined
    ? ["--trust-builder", "--pull-policy", "if-not-present"]
    : ["--lifecycle-image", lifecycleImage, "--pull-policy", "always"];
}

/** Runs any command of pack; gives all that it prints. */
export async function runPack(
  engine: Engine,
  args: readonly string[],
  onLine?: (line: string) => void,
): Promise<string> {
  const options = { env: packEnv(engine), ...(onLine === undefined ? {} : { onLine }) };
  return await readAll(join(TOOLS_BIN, "pack"), ["--no-color", ...args], options);
}

function packEnv(engine: Engine): NodeJS.ProcessEnv {
  return {
    ...engine.env,
    // The user's own settings and trusted builders stay out of it.
    PACK_HOME: join(CACHE, "pack"),
    // Where pack believes that it is in a container, it makes new cache volumes at every build without it.
    PACK_VOLUME_KEY: VOLUME_KEY,
  };
}

/** The volumes in which pack caches for an image of this name. */
export async function listCacheVolumes(engine: Engine, name: string): Promise<readonly string[]> {
  const mark = `-${volumeHash(name)}.`;
  const volumes = await askEngine(engine, ["volume", "ls", "--quiet", "--filter=name=pack-cache-"]);
  return volumes.split("\n").filter((volume) => volume.includes(mark));
}

/** Removes them: the next build of this name begins as on a new machine. */
export async function removeCacheVolumes(engine: Engine, name: string): Promise<void> {
  for (const volume of await listCacheVolumes(engine, name)) {
    await askEngineIfPossible(engine, ["volume", "rm", "--force", volume]);
  }
}

/** The engine has a published image, too, once it has run it. */
async function forgetBuild(engine: Engine, { name }: PackBuild): Promise<void> {
  await removeCacheVolumes(engine, name);
  await removeImage(engine, name);
}

const VOLUME_KEY = "ml-buildpacks";

/** https://github.com/buildpacks/pack/blob/v0.40.7/pkg/cache/volume_cache.go */
function volumeHash(name: string): string {
  return sha256(fullName(name) + VOLUME_KEY).slice(0, 12);
}

/** A name without a registry is one of Docker Hub's, and one without a tag means the newest. */
function fullName(name: string): string {
  const [first = "", ...rest] = name.split("/");
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const repository = rest.length === 0 ? `library/${name}` : name;
  const withRegistry = hasRegistry ? name : `index.docker.io/${repository}`;
  return /[:@][^/]*$/.test(withRegistry) ? withRegistry : `${withRegistry}:latest`;
}

function option(flag: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [flag, value];
}
