import type { TestProject } from "vitest/node";
import { cleanUp } from "../../scripts/lib/cleanup.ts";
import { prepareTestPlatform, type TestPlatform } from "../../scripts/lib/test-platform.ts";
import { GIVEN_PLATFORM } from "../../scripts/lib/vitest.ts";

declare module "vitest" {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- it adds to vitest's own.
  interface ProvidedContext {
    /** What `pack build` needs, made once for all files of the project. */
    readonly platform: TestPlatform;
  }
}

/** `npm test` hands over its own, which it also removes when vitest is interrupted. */
export async function setup(project: TestProject): Promise<void> {
  const given = process.env[GIVEN_PLATFORM];
  const platform =
    given === undefined ? await prepareTestPlatform() : (JSON.parse(given) as TestPlatform);
  project.provide("platform", platform);
}

export async function teardown(): Promise<void> {
  await cleanUp();
}
