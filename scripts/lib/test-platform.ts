import { setTimeout } from "node:timers/promises";
import { type Builder, prepareBuilders } from "./builder.ts";
import { pushImage } from "./builder-image.ts";
import { cleanUpLater } from "./cleanup.ts";
import { askEngine, askEngineIfPossible, type Engine } from "./engine.ts";
import { startRegistry } from "./registry.ts";
import type { Flavour } from "./stack.ts";

/** What tests that run `pack build` share. Its own builder is the CPU one. */
export interface TestPlatform extends TestBuilder {
  /** Of a registry for these tests alone: "127.0.0.1:40123". */
  readonly registry: string;
  /** The first part of every image's name, by which all that a run has made can be found. */
  readonly namespace: string;
  readonly flavours: Readonly<Record<Flavour, TestBuilder>>;
}

export interface TestBuilder {
  /** In the engine. */
  readonly builder: string;
  /** In the registry, for builds that publish. */
  readonly runImage: string;
}

/** Makes all that is needed. What tests make with it is removed when the command ends. */
export async function prepareTestPlatform(): Promise<TestPlatform> {
  const { engine, cpu, cuda } = await prepareBuilders();
  const { address } = await startRegistry(engine);
  const inRegistry = async ({ image, stack }: Builder): Promise<TestBuilder> => ({
    builder: image,
    runImage: await pushImage(engine, stack.run, address),
  });
  const flavours = { cpu: await inRegistry(cpu), cuda: await inRegistry(cuda) };
  const namespace = `ml-buildpacks-test-${process.pid}`;
  cleanUpLater("what the tests have built", () => removeNamespace(engine, namespace));
  return { registry: address, namespace, ...flavours.cpu, flavours };
}

async function removeNamespace(engine: Engine, namespace: string): Promise<void> {
  const listed = ["image", "ls", "--format", "{{.Repository}}:{{.Tag}}"];
  const images = (await askEngine(engine, listed)).split("\n");
  for (const image of images.filter((name) => name.includes(`${namespace}/`))) {
    await askEngineIfPossible(engine, ["image", "rm", "--force", image]);
  }
  // A build that was interrupted holds its volumes until pack has ended it.
  for (let attempt = 0; attempt < 20 && (await hasVolumes(engine, namespace)); attempt += 1) {
    for (const volume of await listVolumes(engine, namespace)) {
      await askEngineIfPossible(engine, ["volume", "rm", "--force", volume]);
    }
    await setTimeout(250);
  }
}

async function hasVolumes(engine: Engine, namespace: string): Promise<boolean> {
  return (await listVolumes(engine, namespace)).length > 0;
}

async function listVolumes(engine: Engine, namespace: string): Promise<readonly string[]> {
  const filter = `--filter=name=pack-cache-${namespace}_`;
  const volumes = await askEngine(engine, ["volume", "ls", "--quiet", filter]);
  return volumes.split("\n").filter(Boolean);
}
