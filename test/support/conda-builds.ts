import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../../src/kit/command.ts";
import { askEngine, findEngine } from "../../scripts/lib/engine.ts";
import type { RemoteImage } from "../../scripts/lib/registry-client.ts";
import { makeTemporaryFolder } from "../../scripts/lib/temporary-folder.ts";
import { realChannel } from "./conda/real-channel.ts";
import { makeChannel, type MadeCondaPackage } from "../../scripts/lib/conda/channel.ts";
import { type ServedChannels, serveChannels } from "./conda-channel-server.ts";
import { writeFiles } from "./phase.ts";
import { buildAndPublish } from "./platform.ts";

export interface TestChannels extends ServedChannels {
  /** The channel with real programs, which tests only read. */
  readonly real: string;
  /** A channel of the test's own. */
  readonly own: string;
  /** Where the test's own channel lies, for more packages. */
  readonly ownDirectory: string;
}

/** Serves the channel with real programs, and one of these packages beside it. */
export async function serveTestChannels(
  packages: readonly MadeCondaPackage[] = [],
): Promise<TestChannels> {
  const root = await makeTemporaryFolder();
  const ownDirectory = await makeChannel(packages);
  await symlink(await realChannel(), join(root, "real"));
  await symlink(ownDirectory, join(root, "own"));
  const served = await serveChannels(root);
  return { ...served, real: `${served.url}/real`, own: `${served.url}/own`, ownDirectory };
}

/** The text of an environment file. */
export function environmentFile(
  channels: readonly string[],
  dependencies: readonly string[],
  rest = "",
): string {
  const list = (items: readonly string[]) => items.map((item) => `  - ${item}\n`).join("");
  return `channels:\n${list(channels)}dependencies:\n${list(dependencies)}${rest}`;
}

/** An app's folder that several tests may build; gone when the file's tests are over. */
export async function makeLastingApp(files: { readonly [path: string]: string }): Promise<string> {
  const path = join(await makeTemporaryFolder(), "app");
  await mkdir(path);
  await writeFiles(path, files);
  return path;
}

/** What an image has of ml-buildpacks/conda, by the names of its layers. */
export function condaLayersOf(
  image: RemoteImage,
): Readonly<Record<string, RemoteImage["layers"][number]>> {
  return Object.fromEntries(
    Object.entries(metadataOf(image)).flatMap(([name, { sha }]) => {
      const found = image.layers.find(({ diffId }) => diffId === sha);
      return found === undefined ? [] : [[name, found] as const];
    }),
  );
}

/** The digests of what is in the layers of ml-buildpacks/conda. */
export function diffIdsOf(image: RemoteImage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(condaLayersOf(image)).map(([name, { diffId }]) => [name, diffId]),
  );
}

/** Which of the layers of ml-buildpacks/conda are others than before. */
export function changedLayers(before: RemoteImage, after: RemoteImage): readonly string[] {
  const [from, to] = [diffIdsOf(before), diffIdsOf(after)];
  return [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((name) => from[name] !== to[name])
    .sort();
}

/** What a shell prints in the environment of the app's processes. */
export async function inProcess(reference: string, script: string): Promise<string> {
  return await inImage(reference, ["--", "sh", "-c", script], ["--entrypoint=launcher"]);
}

/** What a program prints that is started without the launcher, as by `kubectl exec`. */
export async function inImage(
  reference: string,
  command: readonly string[],
  args: readonly string[],
): Promise<string> {
  return await runContainer([...args, reference, ...command]);
}

/** What a container prints on its standard output; all that it has printed is told where it fails. */
export async function runContainer(args: readonly string[], input?: string): Promise<string> {
  const engine = await findEngine();
  const all = ["run", "--rm", "--interactive", "--network=host", ...args];
  try {
    return await askEngine(engine, all, { input: input ?? "" });
  } catch (error) {
    if (error instanceof CommandError) error.message += `\n\n${error.output}`;
    throw error;
  }
}

/** What the buildpack says of the environment, with words for what differs from run to run. */
export function condaLog(output: string, { url }: Pick<TestChannels, "url">): string {
  const [, section = ""] =
    /^\[Installing the conda environment\]\n([\s\S]*?)(?=\n\n\[(?!Warning:)|\n===>|\nERROR:)/m.exec(
      output,
    ) ?? [];
  return section.replaceAll(url, "http://channels").replaceAll(/\d+\.\d s\b/g, "… s");
}

/** The packages of an image's lock, as the names of their files: "numpy-2.2.6-py311h64a7726_0". */
export function lockOf(image: RemoteImage): readonly string[] {
  return lockedFiles(image).map(({ file }) => file.replace(/\.conda$|\.tar\.bz2$/, ""));
}

export interface LockedFile {
  /** The channel and the subdir. */
  readonly directory: string;
  readonly file: string;
  readonly sha256: string;
}

/** What the metadata of an image's lock layer names, sorted by file. */
export function lockedFiles(image: RemoteImage): readonly LockedFile[] {
  const { packages = {} } = metadataOf(image)["lock"]?.data ?? {};
  return Object.entries(packages)
    .flatMap(([directory, files]) =>
      Object.entries(files).map(([file, sha256]) => ({ directory, file, sha256 })),
    )
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** https://github.com/buildpacks/spec/blob/main/platform.md#iobuildpackslifecyclemetadata-json */
function metadataOf({ labels }: RemoteImage): Readonly<Record<string, LayerMetadata>> {
  const { buildpacks } = JSON.parse(labels["io.buildpacks.lifecycle.metadata"] ?? "{}") as {
    readonly buildpacks: readonly {
      readonly key: string;
      readonly layers: Readonly<Record<string, LayerMetadata>>;
    }[];
  };
  return buildpacks.find(({ key }) => key === "ml-buildpacks/conda")?.layers ?? {};
}

interface LayerMetadata {
  /** Of layers that are in the image. */
  readonly sha?: string;
  readonly data?: {
    /** Of the lock: digests by file, by the directory of the channel. */
    readonly packages?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
}

/** What a build says that must fail, from the error on. */
export async function failingBuild(
  name: string,
  options: Parameters<typeof buildAndPublish>[1],
  { url }: Pick<TestChannels, "url">,
): Promise<string> {
  const built = buildAndPublish(name, options);
  const output = await built.then(
    () => "",
    (error: unknown) => {
      if (error instanceof CommandError) return error.output;
      throw error;
    },
  );
  const [, message] = /\n(\[Error: [\s\S]*?)\n*ERROR: failed to build/.exec(output) ?? [];
  if (message === undefined) throw new Error(`${name} gave no error\n\n${output}`);
  return message.replaceAll(url, "http://channels").replaceAll(new URL(url).host, "channels");
}
