import { cp, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../../scripts/lib/paths.ts";
import { lightLayerOf } from "../../src/python/environment/split.ts";
import type { RemoteImage } from "../../scripts/lib/registry-client.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { buildAndPublish, runApp } from "../support/platform.ts";

const FIXTURES = join(ROOT, "test", "fixtures", "same-layers");

const PROGRAM = `
import cv2, humanize, numpy, six
print(cv2.__version__, humanize.__version__, numpy.__version__, six.__version__)
`;

it("gives the same layers for the same packages, whoever has locked them", async () => {
  const managers = (await readdir(FIXTURES)).sort();
  const layers: Record<string, object> = {};
  for (const manager of managers) {
    const path = await temporaryDirectory();
    await cp(join(FIXTURES, manager), path, { recursive: true });
    await writeFile(join(path, "main.py"), PROGRAM);

    const { image, reference } = await buildAndPublish(`same-layers/${manager}`, { path });

    expect(await runApp(reference)).toContain("5.0.0 4.17.0 2.5.5 1.17.0");
    layers[manager] = layersOf(image);
  }

  const { pip, ...others } = layers;
  expect(Object.keys(others)).toEqual(["pdm", "pipenv", "poetry", "pylock", "uv"]);
  const light = ["environment", lightLayerOf("humanize"), lightLayerOf("six")].sort();
  expect(Object.keys(pip ?? {})).toEqual([...light, "numpy", "opencv-python-headless"]);
  for (const [manager, found] of Object.entries(others)) {
    expect({ manager, layers: found }).toEqual({ manager, layers: pip });
  }
});

/** The digests of what site-packages has in an image, by the names of its layers. */
function layersOf(image: RemoteImage): Readonly<Record<string, string>> {
  const metadata = JSON.parse(image.labels["io.buildpacks.lifecycle.metadata"] ?? "{}") as {
    buildpacks: { key: string; layers: Record<string, { sha: string }> }[];
  };
  const own = metadata.buildpacks.find(({ key }) => key === "ml-buildpacks/site-packages");
  return Object.fromEntries(
    Object.entries(own?.layers ?? {}).flatMap(([name, { sha }]) => {
      const found = image.layers.find(({ diffId }) => diffId === sha);
      return found === undefined ? [] : [[name, found.digest] as const];
    }),
  );
}
