import { prepareBuilderImage } from "./builder-image.ts";
import { type PackagedBuildpack, listBuildpacks } from "./buildpackages.ts";
import { bundleBuildpacks } from "./bundle.ts";
import { type Engine, findEngine } from "./engine.ts";
import { ROOT } from "./paths.ts";
import { prepareStack, type Stack } from "./stack.ts";
import { prepareTools, type Tools } from "./tools.ts";

/** All that a build needs, in place. */
export interface Builder {
  readonly engine: Engine;
  readonly tools: Tools;
  readonly stack: Stack;
  readonly buildpacks: readonly PackagedBuildpack[];
  /** The builder image's name in the engine. */
  readonly image: string;
}

/** Makes what is missing or out of date, from the tools up to the builder image. */
export async function prepareBuilder(options: { readonly fresh?: boolean } = {}): Promise<Builder> {
  // First what takes no time, so that a mistake in a buildpack shows at once.
  await bundleBuildpacks(ROOT);
  const engine = await findEngine();
  // Go compiles while Debian's packages are fetched and unpacked.
  const [tools, stack] = await both(prepareTools(engine), prepareStack(engine, "cpu", options));
  const buildpacks = await listBuildpacks();
  const image = await prepareBuilderImage(engine, { stack, buildpacks });
  return { engine, tools, stack, buildpacks, image };
}

/** As Promise.all, but a failure waits for the other one's end: its work must not outlive the command. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}
