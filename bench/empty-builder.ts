import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Builder } from "../scripts/lib/builder.ts";
import { cleanUpLater } from "../scripts/lib/cleanup.ts";
import { removeImage } from "../scripts/lib/images.ts";
import { runPack } from "../scripts/lib/pack.ts";
import { ROOT } from "../scripts/lib/paths.ts";
import { makeTemporaryFolder } from "../scripts/lib/temporary-folder.ts";
import { formatToml } from "../src/cnb/toml.ts";

/** The same images and lifecycle with one buildpack, of sh, that does nothing: what no buildpack can beat. */
export async function prepareEmptyBuilder(builder: Builder, runImage: string): Promise<string> {
  const image = "ml-buildpacks-bench/empty-builder";
  const config = join(await makeTemporaryFolder(), "builder.toml");
  const id = "ml-buildpacks-bench/empty";
  await writeFile(
    config,
    formatToml({
      buildpacks: [{ id, uri: join(ROOT, "bench", "empty") }],
      order: [{ group: [{ id, version: "0.0.1" }] }],
      lifecycle: { uri: builder.tools.lifecycleArchive },
      build: { image: builder.stack.build },
      run: { images: [{ image: runImage }] },
    }),
  );
  cleanUpLater(image, () => removeImage(builder.engine, image));
  await runPack(builder.engine, [
    ...["builder", "create", image, "--config", config, "--pull-policy", "if-not-present"],
  ]);
  return image;
}
