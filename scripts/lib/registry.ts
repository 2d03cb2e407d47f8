import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { stringify } from "yaml";
import { read } from "./command.ts";
import { isDebian, updateDebianLists } from "./debian-packages.ts";
import type { Engine } from "./engine.ts";
import { ScriptFailure } from "./failure.ts";
import { forgetImagesLater } from "./images.ts";
import { log } from "./log.ts";
import { TOOLS, TOOLS_BIN } from "./paths.ts";
import { findOnPath } from "./programs.ts";
import { startServer } from "./server.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

/** An image registry of our own on this machine. */
export interface Registry {
  /** To put before an image's name: "127.0.0.1:40123". */
  readonly address: string;
  /** Where it keeps its blobs. */
  readonly storage: string;
  /**
   * Remembers what it holds; gives a function that, once, takes it back to that. Nothing may be
   * on its way from or to it meanwhile.
   */
  readonly remember: () => Promise<() => Promise<void>>;
  /** Ends it before the command does, and removes all that it holds. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a registry on a free port, empty or with all that another one has. It is gone when the
 * command ends, with all that the engine has from it.
 */
export async function startRegistry(
  engine: Engine,
  options: { readonly copyOf?: Registry } = {},
): Promise<Registry> {
  const program = await findRegistryProgram();
  const folder = await makeTemporaryFolder();
  const storage = join(folder, "storage");
  const address = `127.0.0.1:${await findFreePort()}`;
  const configuration = join(folder, "registry.yml");
  await writeFile(configuration, configure(storage, address));
  if (options.copyOf !== undefined) await copyContents(options.copyOf.storage, storage);

  const stop = await startServer({
    name: `The image registry on ${address}`,
    ...{ program, args: ["serve", configuration] },
    // It would take its traces' address from here, and complain on every request.
    env: { PATH: process.env["PATH"], OTEL_TRACES_EXPORTER: "none" },
    answers: () => answers(`http://${address}/v2/`),
    remove: () => rm(folder, { recursive: true, force: true }),
  });
  await forgetImagesLater(engine, address);
  return { address, storage, remember: () => remember(storage), stop };
}

/**
 * The program asks its files each time: it caches nothing where its configuration has no cache.
 * https://distribution.github.io/distribution/about/configuration/#cache
 */
async function remember(storage: string): Promise<() => Promise<void>> {
  const kept = await mkdtemp(`${storage}-`);
  await copyContents(storage, kept);
  return async () => {
    await rm(storage, { recursive: true, force: true });
    await rename(kept, storage);
  };
}

async function copyContents(from: string, to: string): Promise<void> {
  const [all, copy] = [join(from, ROOT_FOLDER), join(to, ROOT_FOLDER)];
  await mkdir(all, { recursive: true });
  await mkdir(copy, { recursive: true });
  for (const part of await readdir(all)) {
    // Blobs are gigabytes, and never change; what a tag leads to is written over.
    const how = part === "blobs" ? "-rl" : "-r";
    await read("cp", [how, join(all, part), copy]);
  }
}

// https://github.com/distribution/distribution/blob/v2.8.3/registry/storage/paths.go
const ROOT_FOLDER = "docker/registry/v2";

/** Debian's docker-registry, or another build of https://github.com/distribution/distribution. */
async function findRegistryProgram(): Promise<string> {
  const installed = ["docker-registry", "registry"].flatMap(findOnPath)[0];
  return installed ?? (await fetchRegistryProgram());
}

/** Unpacked without being installed: its package would start a service on port 5000. */
async function fetchRegistryProgram(): Promise<string> {
  const program = join(TOOLS_BIN, "docker-registry");
  if (existsSync(program)) return program;
  if (!isDebian()) {
    throw new ScriptFailure(
      "An image registry is missing",
      "Neither 'docker-registry' nor 'registry' is on PATH.\nInstall one of them from https://github.com/distribution/distribution/releases",
    );
  }
  log.step("Fetching docker-registry (from Debian's package of that name)");
  if (process.getuid?.() === 0) await updateDebianLists();
  const folder = join(TOOLS, "docker-registry");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await read("apt-get", ["download", "-qq", "docker-registry"], { cwd: folder });
  await read("sh", ["-c", "dpkg-deb --extract ./*.deb ."], { cwd: folder });
  await mkdir(TOOLS_BIN, { recursive: true });
  await read("mv", [join(folder, "usr/bin/docker-registry"), program]);
  await rm(folder, { recursive: true });
  return program;
}

function configure(storage: string, address: string): string {
  return stringify({
    version: "0.1",
    log: { level: "error", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: storage }, delete: { enabled: true } },
    http: { addr: address },
  });
}

export async function findFreePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
