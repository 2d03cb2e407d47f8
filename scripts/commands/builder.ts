import { parseArgs } from "node:util";
import { prepareBuilder } from "../lib/builder.ts";
import { publishBuilderImage } from "../lib/builder-image.ts";
import { publishBuildpackages, writeBuildpackages } from "../lib/buildpackages.ts";
import { log } from "../lib/log.ts";
import { defineCommand } from "../lib/main.ts";

/**
 * Makes the builder, its images and the buildpackages; `--publish PREFIX` pushes them to a
 * registry, and `--fresh` builds the images from Debian's newest packages.
 */
export const main = defineCommand(async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: { publish: { type: "string" }, fresh: { type: "boolean", default: false } },
  });
  const builder = await prepareBuilder({ fresh: values.fresh });
  const { engine, stack, buildpacks } = builder;
  if (values.publish !== undefined) {
    const prefix = values.publish.replace(/\/+$/, "");
    const images = await publishBuilderImage(engine, stack, prefix);
    const packages = await publishBuildpackages(engine, buildpacks, prefix);
    log.list("Done. Published are:", [...images, ...packages]);
    return;
  }
  const folder = await writeBuildpackages(engine, buildpacks);
  log.list("Done. Ready are:", [
    `the builder ${builder.image}`,
    `its images ${stack.build} and ${stack.run}`,
    `pack and the lifecycle in ${builder.tools.pack.replace(/\/pack$/, "")}`,
    `a buildpackage of each buildpack in ${folder}`,
  ]);
  log.step(
    `Use it: .tools/bin/pack build my-app --path <folder> --builder ${builder.image} --trust-builder --pull-policy if-not-present`,
  );
});
