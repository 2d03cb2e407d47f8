import {
  type PublishedBuilder,
  publishBuilderForBoth,
  publishBuilderImage,
} from "./builder-image.ts";
import type { Builders } from "./builder.ts";
import { publishLifecycleImage } from "./lifecycle-image.ts";
import type { Flavour } from "./stack.ts";

/** All builders in a registry, with what they need there. */
export interface PublishedBuilders extends Readonly<Record<Flavour, PublishedBuilder>> {
  /** The builder that serves both flavours. */
  readonly any: string;
  /** For the builds whose run image an extension chooses. */
  readonly lifecycle: string;
}

/** Pushes them under a prefix such as "registry.example.com/ml". */
export async function publishBuilders(
  { engine, cpu, cuda }: Pick<Builders, "engine" | Flavour>,
  prefix: string,
): Promise<PublishedBuilders> {
  const published = {
    cpu: await publishBuilderImage(engine, "cpu", cpu.stack, prefix),
    cuda: await publishBuilderImage(engine, "cuda", cuda.stack, prefix),
  };
  const stacks = { cpu: published.cpu.stack, cuda: published.cuda.stack };
  return {
    ...published,
    any: await publishBuilderForBoth(engine, stacks, prefix),
    lifecycle: await publishLifecycleImage(engine, cpu.stack.run, prefix),
  };
}

export function listPublished({ cpu, cuda, any, lifecycle }: PublishedBuilders): readonly string[] {
  const each = [cpu, cuda].flatMap(({ image, stack }) => [image, stack.build, stack.run]);
  return [...each, any, lifecycle];
}
