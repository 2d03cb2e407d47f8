import { prepareBuilderImage } from "./builder-image.ts";
import { type PackagedBuildpack, listBuildpacks } from "./buildpackages.ts";
import { bundleBuildpacks } from "./bundle.ts";
import { type Engine, findEngine } from "./engine.ts";
import { ROOT } from "./paths.ts";
import { type Flavour, prepareStacks, type Stack } from "./stack.ts";
import { prepareTools, type Tools } from "./tools.ts";

/** All that a build needs, in place. */
export interface Builders extends Readonly<Record<Flavour, Builder>> {
  readonly engine: Engine;
  readonly tools: Tools;
  readonly buildpacks: readonly PackagedBuildpack[];
}

export interface Builder {
  readonly stack: Stack;
  /** The builder image's name in the engine. */
  readonly image: string;
}

/** Makes what is missing or out of date, from the tools up to the builder images. */
export async function prepareBuilders(
  options: { readonly fresh?: boolean } = {},
): Promise<Builders> {
  // First what takes no time, so that a mistake in a buildpack shows at once.
  await bundleBuildpacks(ROOT);
  const engine = await findEngine();
  // Go compiles while Debian's packages are fetched and unpacked.
  const [tools, stacks] = await both(prepareTools(engine), prepareStacks(engine, options));
  const buildpacks = await listBuildpacks();
  const prepare = async (flavour: Flavour): Promise<Builder> => {
    const stack = stacks[flavour];
    return { stack, image: await prepareBuilderImage(engine, flavour, { stack, buildpacks }) };
  };
  const [cpu, cuda] = await both(prepare("cpu"), prepare("cuda"));
  return { engine, tools, buildpacks, cpu, cuda };
}

/** As Promise.all, but a failure waits for the other one's end: its work must not outlive the command. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}
