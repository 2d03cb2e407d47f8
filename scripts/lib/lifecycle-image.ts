import { chmod, copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pushImage } from "./builder-image.ts";
import { askEngine, type Engine } from "./engine.ts";
import { readGoModule, requiredVersion } from "./go.ts";
import { removeImage } from "./images.ts";
import { LIFECYCLE_APIS } from "./lifecycle-archive.ts";
import { TOOLS } from "./paths.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

/**
 * Pushes the lifecycle as an image of its own, for `pack build --lifecycle-image`; gives its name.
 * Docker Hub has one for each release, which a closed network does not reach.
 */
export async function publishLifecycleImage(
  engine: Engine,
  runImage: string,
  prefix: string,
): Promise<string> {
  const module = await readGoModule("lifecycle");
  const version = requiredVersion(module, "github.com/buildpacks/lifecycle");
  const image = `ml-buildpacks/lifecycle:${version}`;
  const context = await makeTemporaryFolder();
  await copyFile(join(module.directory, "image.Dockerfile"), join(context, "Dockerfile"));
  await copyFile(join(TOOLS, "lifecycle.tgz"), join(context, "lifecycle.tgz"));
  await mkdir(join(context, "root", "tmp"), { recursive: true });
  await chmod(join(context, "root", "tmp"), 0o1777);
  await askEngine(engine, [
    ...["build", "--no-cache", "--force-rm", `--tag=${image}`],
    `--build-arg=run_image=${runImage}`,
    // https://github.com/buildpacks/lifecycle/blob/v0.21.14/tools/image/main.go
    `--label=io.buildpacks.lifecycle.version=${version}`,
    `--label=io.buildpacks.lifecycle.apis=${JSON.stringify(LIFECYCLE_APIS)}`,
    context,
  ]);
  try {
    return await pushImage(engine, image, prefix);
  } finally {
    await removeImage(engine, image);
  }
}
