import type { TestProject } from "vitest/node";
import { prepareBuilder } from "../../scripts/lib/builder.ts";
import { pushImage } from "../../scripts/lib/builder-image.ts";
import { cleanUp } from "../../scripts/lib/cleanup.ts";
import { startRegistry } from "../../scripts/lib/registry.ts";

declare module "vitest" {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- it adds to vitest's own.
  interface ProvidedContext {
    /** What `pack build` needs, made once for all files of the project. */
    readonly platform: {
      /** Of a registry for these tests alone: "127.0.0.1:40123". */
      readonly registry: string;
      readonly builder: string;
      /** In the registry, for builds that publish. */
      readonly runImage: string;
    };
  }
}

export async function setup(project: TestProject): Promise<void> {
  const { engine, image, stack } = await prepareBuilder();
  const registry = await startRegistry();
  const runImage = await pushImage(engine, stack.run, registry.address);
  project.provide("platform", { registry: registry.address, builder: image, runImage });
}

export async function teardown(): Promise<void> {
  await cleanUp();
}
