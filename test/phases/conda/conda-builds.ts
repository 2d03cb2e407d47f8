import {
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { bundleBuildpack } from "../../../scripts/lib/bundle.ts";
import { readAll } from "../../../scripts/lib/command.ts";
import { type Engine, findEngine } from "../../../scripts/lib/engine.ts";
import { ROOT } from "../../../scripts/lib/paths.ts";
import { prepareStack } from "../../../scripts/lib/stack.ts";
import { makeTemporaryFolder } from "../../../scripts/lib/temporary-folder.ts";
import { formatToml, parseToml, type TomlTable } from "../../../src/cnb/toml.ts";
import { sha256 } from "../../../src/kit/hash.ts";
import { makeChannel, type MadeCondaPackage } from "../../../scripts/lib/conda/channel.ts";
import { serveChannels } from "../../support/conda-channel-server.ts";
import { writeFiles } from "../../support/phase.ts";

const LAYERS = "/layers/ml-buildpacks_conda";

let engine: Engine;
let buildImage: string;

/** Before the first build: the image that they run in, and the buildpack. */
export async function prepareBuilds(): Promise<void> {
  engine = await findEngine();
  buildImage = (await prepareStack(engine, "cpu")).build;
  await bundleBuildpack(ROOT, "conda");
}

/** Names of packages, and settings. */
export interface Wanted {
  readonly packages: readonly string[];
  readonly settings?: Readonly<Record<string, string>>;
}

/** A channel on 127.0.0.1, and the directory for all that builds leave. */
export interface Scene {
  readonly url: string;
  readonly channel: string;
  readonly root: string;
}

export async function makeScene(packages: readonly MadeCondaPackage[]): Promise<Scene> {
  const channel = await makeChannel(packages);
  const { url } = await serveChannels(channel);
  return { url, channel, root: await makeTemporaryFolder() };
}

/** What an image has of the buildpack: each layer's metadata and files. */
export type Image = Readonly<Record<string, ImageLayer>>;

interface ImageLayer {
  readonly metadata: TomlTable;
  /** Each path with its mode and what it holds or leads to. */
  readonly files: readonly string[];
}

export interface Built {
  readonly log: string;
  readonly image: Image;
  /** The layers directory, as the build has left it. */
  readonly layers: string;
  /** Layers of the image that were made, those that are as they were left out. */
  readonly made: readonly string[];
}

export interface Previous extends Pick<Built, "image" | "layers"> {}

interface BuildOptions {
  /** What the lifecycle restores from; a cold build without. */
  readonly after?: Previous;
  /** Done to the layers directory before the build: what a platform may lose. */
  readonly lose?: (layers: string) => Promise<void>;
  /** Done to the layers directory after the build, by a shell in the build image. */
  readonly afterwards?: string;
  /** More options for the container. */
  readonly container?: readonly string[];
}

/** Runs bin/build as the lifecycle does. */
export async function buildIn(
  scene: Scene,
  wanted: Wanted,
  { after, lose, afterwards = "", container = [] }: BuildOptions = {},
): Promise<Built> {
  const place = await mkdtemp(join(scene.root, "build-"));
  const [app, layers] = [join(place, "app"), join(place, "layers")];
  if (after === undefined) await mkdir(layers);
  else await restore(after.layers, layers);
  await lose?.(layers);
  const found = after?.image ?? {};
  await writeFiles(app, { "environment.yml": environmentFile(scene, wanted) });
  const log = await runBuild({ place, app, layers, wanted, afterwards, container });
  const { image: made, present } = await readImage(layers, found);
  return { log, image: made, layers, made: present };
}

function environmentFile({ url }: Scene, { packages }: Wanted): string {
  const items = packages.map((name) => `  - ${name}\n`).join("");
  return `channels:\n  - ${url}\ndependencies:\n${items}`;
}

interface Run {
  readonly place: string;
  readonly app: string;
  readonly layers: string;
  readonly wanted: Wanted;
  readonly afterwards: string;
  readonly container: readonly string[];
}

async function runBuild({
  place,
  app,
  layers,
  wanted,
  afterwards,
  container,
}: Run): Promise<string> {
  await writeFile(join(place, "plan.toml"), "");
  const variables = {
    CNB_LAYERS_DIR: LAYERS,
    CNB_PLATFORM_DIR: "/platform",
    CNB_BUILDPACK_DIR: "/buildpack",
    CNB_BP_PLAN_PATH: "/given/plan.toml",
    CNB_TARGET_OS: "linux",
    CNB_TARGET_ARCH: "amd64",
    CNB_TARGET_DISTRO_NAME: "debian",
    CNB_TARGET_DISTRO_VERSION: "13",
    // 2026-11-22, the day that locks are of.
    SOURCE_DATE_EPOCH: "1795305600",
    ...wanted.settings,
  };
  return await readAll(
    engine.cli,
    [
      ...["run", "--rm", "--network=host", `--user=${process.getuid?.() ?? 1000}`],
      ...["--volume", `${layers}:${LAYERS}`, "--volume", `${place}:/given:ro`],
      ...["--volume", `${app}:/workspace:ro`, "--workdir=/workspace"],
      ...["--volume", `${join(ROOT, "buildpacks", "conda")}:/buildpack:ro`],
      ...Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
      ...container,
      ...[
        buildImage,
        "sh",
        "-c",
        `umask 022; { /buildpack/bin/build || echo "exit code $?"; ${afterwards}\n} 2>&1`,
      ],
    ],
    { env: engine.env },
  );
}

/** How a later buildpack asks for contents, for `afterwards`. */
export function recreate(layer: string): string {
  return `/buildpack/bin/build --recreate ${layer} ${LAYERS}`;
}

/** Metadata of all that is in the image, contents of what is cached. */
async function restore(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const file of await readdir(from)) {
    if (!file.endsWith(".toml")) continue;
    const { types, metadata } = await readLayerToml(join(from, file));
    if (types === undefined || !(types.launch || types.cache)) continue;
    await writeFile(join(to, file), formatToml({ metadata: metadata ?? {} }));
    const name = file.slice(0, -".toml".length);
    if (!types.cache) continue;
    await cp(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true });
  }
}

/** Fails where a layer is to come from the previous image, and that has none. */
async function readImage(
  layers: string,
  before: Image,
): Promise<{ readonly image: Image; readonly present: readonly string[] }> {
  const image: Record<string, ImageLayer> = {};
  const present: string[] = [];
  const files = await readdir(layers);
  const names = new Set(files);
  for (const file of files.filter((one) => one.endsWith(".toml")).sort()) {
    const { types, metadata = {} } = await readLayerToml(join(layers, file));
    if (types?.launch !== true) continue;
    const name = file.slice(0, -".toml".length);
    if (names.has(name)) {
      image[name] = { metadata, files: await listTree(join(layers, name)) };
      present.push(name);
    } else {
      const earlier = before[name];
      if (earlier === undefined) throw new Error(`no previous image has the layer ${name}`);
      image[name] = { metadata, files: earlier.files };
    }
  }
  return { image, present };
}

interface LayerToml {
  readonly types?: { readonly launch: boolean; readonly cache: boolean };
  readonly metadata?: TomlTable;
}

async function readLayerToml(path: string): Promise<LayerToml> {
  return parseToml(await readFile(path, "utf8"));
}

/** Each path below with its mode, and what it holds or leads to. */
export async function listTree(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(root.length + 1);
    if (entry.isSymbolicLink()) return `${name} -> ${await readlink(path)}`;
    const { mode } = await lstat(path);
    const bits = (mode & 0o7777).toString(8);
    return entry.isDirectory()
      ? `${name}/ ${bits}`
      : `${name} ${bits} ${sha256(await readFile(path)).slice(0, 12)}`;
  });
  return (await Promise.all(lines)).sort();
}

/** Removes all that lies on a cache volume. */
export async function loseCache(layers: string): Promise<void> {
  for (const file of await readdir(layers)) {
    if (file.endsWith(".toml")) continue;
    await rm(join(layers, file), { recursive: true });
    await rm(join(layers, `${file}.toml`));
  }
}

/** Removes a layer and what is known of it. */
export function loseLayer(name: string): (layers: string) => Promise<void> {
  return async (layers) => {
    await rm(join(layers, name), { recursive: true, force: true });
    await rm(join(layers, `${name}.toml`));
  };
}
