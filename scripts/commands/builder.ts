import { parseArgs } from "node:util";
import { prepareBuilders } from "../lib/builder.ts";
import { publishBuildpackages, writeBuildpackages } from "../lib/buildpackages.ts";
import { log } from "../lib/log.ts";
import { defineCommand } from "../lib/main.ts";
import { listPublished, publishBuilders } from "../lib/publish.ts";

/**
 * Makes the builders, their images and the buildpackages; `--publish PREFIX` pushes them to a
 * registry, and `--fresh` builds the images from Debian's newest packages.
 */
export const main = defineCommand(async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: { publish: { type: "string" }, fresh: { type: "boolean", default: false } },
  });
  const builders = await prepareBuilders({ fresh: values.fresh });
  const { engine, buildpacks, tools, cpu, cuda } = builders;
  if (values.publish !== undefined) {
    const prefix = values.publish.replace(/\/+$/, "");
    const images = listPublished(await publishBuilders(builders, prefix));
    const packages = await publishBuildpackages(engine, buildpacks, prefix);
    log.list("Done. Published are:", [...images, ...packages]);
    return;
  }
  const folder = await writeBuildpackages(engine, buildpacks);
  log.list("Done. Ready are:", [
    `the builder ${cpu.image}, with its images ${cpu.stack.build} and ${cpu.stack.run}`,
    `the builder ${cuda.image} for NVIDIA's GPUs, with ${cuda.stack.build} and ${cuda.stack.run}`,
    `pack and the lifecycle in ${tools.pack.replace(/\/pack$/, "")}`,
    `a buildpackage of each buildpack in ${folder}`,
  ]);
  log.step(
    `Use it: .tools/bin/pack build my-app --path <folder> --builder ${cpu.image} --trust-builder --pull-policy if-not-present`,
  );
});
