import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { parseToml } from "../../src/cnb/toml.ts";
import { sha256OfTree } from "../../src/kit/hash.ts";
import type { Engine } from "./engine.ts";
import { log } from "./log.ts";
import { runPack } from "./pack.ts";
import { CACHE, ROOT } from "./paths.ts";
import { inputsDigest, isStamped, stamp } from "./stamp.ts";

/** A buildpack as platforms consume it: a folder under buildpacks/. */
export interface PackagedBuildpack {
  /** The folder's name. */
  readonly name: string;
  readonly version: string;
  readonly directory: string;
  /** Of all its files. */
  readonly digest: string;
}

export async function listBuildpacks(): Promise<readonly PackagedBuildpack[]> {
  const folder = join(ROOT, "buildpacks");
  const names = (await readdir(folder)).sort();
  return await Promise.all(names.map((name) => describeBuildpack(name, join(folder, name))));
}

/** Writes `.cnb` files, which `pack build --buildpack` and builders take without a registry. */
export async function writeBuildpackages(
  engine: Engine,
  buildpacks: readonly PackagedBuildpack[],
): Promise<string> {
  const folder = join(CACHE, "buildpackages");
  await mkdir(folder, { recursive: true });
  for (const { name, directory, digest } of buildpacks) {
    const file = join(folder, `${name}.cnb`);
    const inputs = inputsDigest({ digest, arch: engine.arch });
    const stampFile = join(CACHE, "stamps", `${name}.cnb`);
    if (await isStamped(stampFile, inputs)) continue;
    log.step(`Packaging ${name} (into ${file})`);
    await rm(file, { force: true });
    await runPack(engine, [
      ...["buildpack", "package", file, "--format", "file", "--path", directory],
      ...["--target", `linux/${engine.arch}`],
    ]);
    await stamp(stampFile, inputs);
  }
  return folder;
}

/** Pushes each buildpack as an image of its own; gives their names. */
export async function publishBuildpackages(
  engine: Engine,
  buildpacks: readonly PackagedBuildpack[],
  prefix: string,
): Promise<readonly string[]> {
  const images: string[] = [];
  for (const { name, version, directory } of buildpacks) {
    const image = `${prefix}/${name}:${version}`;
    log.step(`Publishing ${image}`);
    await runPack(engine, ["buildpack", "package", image, "--publish", "--path", directory]);
    images.push(image);
  }
  return images;
}

async function describeBuildpack(name: string, directory: string): Promise<PackagedBuildpack> {
  const toml = parseToml(await readFile(join(directory, "buildpack.toml"), "utf8"));
  const { buildpack } = z.object({ buildpack: z.object({ version: z.string() }) }).parse(toml);
  return { name, version: buildpack.version, directory, digest: await sha256OfTree(directory) };
}
