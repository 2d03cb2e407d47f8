import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import type { RemoteImage } from "../../scripts/lib/registry-client.ts";
import { makeApp } from "../support/apps.ts";
import { buildAndPublish, runApp } from "../support/platform.ts";

// numpy is heavy (58 MB on disk), the others are not; none of the last three is pinned.
const APP = {
  "requirements.txt": "numpy\nflask\ngunicorn\n",
  "app.py": `
import numpy
from flask import Flask

app = Flask(__name__)


@app.get("/health")
def health():
    return {"sum": int(numpy.arange(10).sum())}
`,
};

describe("an app that is built again", () => {
  it("pushes what has changed, and nothing else", async () => {
    const path = await makeApp(APP);
    const first = await buildAndPublish("rebuild/app", { path });

    const unchanged = await buildAndPublish("rebuild/app", { path });
    expect(unchanged.image.digest).toBe(first.image.digest);
    expect(unchanged.output).toContain("Reusing the environment, numpy");
    expect(unchanged.output).not.toMatch(/^Installing/m);
    expect(unchanged.output).not.toContain("Resolving");

    await appendFile(join(path, "app.py"), "\n# A source edit.\n");
    const edited = await buildAndPublish("rebuild/app", { path });
    expect(newLayers(unchanged.image, edited.image)).toHaveLength(1);

    await appendFile(join(path, "requirements.txt"), "cowsay\n");
    const added = await buildAndPublish("rebuild/app", { path });
    const pushed = newLayers(edited.image, added.image);
    // The environment, the lock, the SBOMs and the app's own files.
    expect(pushed).toHaveLength(4);
    expect(sizeOf(pushed)).toBeLessThan(sizeOf(added.image.layers) / 10);
    expect(
      await runPython(added.reference, "import cowsay, numpy, flask; print(numpy.arange(3))"),
    ).toContain("[0 1 2]");
  });

  it("is the same image again when a package is added and taken away", async () => {
    const path = await makeApp(APP);
    const first = await buildAndPublish("rebuild/there-and-back", { path });

    await writeFile(join(path, "requirements.txt"), `${APP["requirements.txt"]}cowsay\n`);
    await buildAndPublish("rebuild/there-and-back", { path });
    await writeFile(join(path, "requirements.txt"), APP["requirements.txt"]);
    const back = await buildAndPublish("rebuild/there-and-back", { path });

    expect(back.image.digest).toBe(first.image.digest);
  });
});

describe("a new app", () => {
  it("takes its heavy layers from another app's image", async () => {
    const seed = await buildAndPublish("seed/first", { path: await makeApp(APP) });
    const path = await makeApp({
      "requirements.txt": "numpy\nhumanize\n",
      "main.py": "import humanize, numpy\nprint(humanize.intcomma(int(numpy.int64(12345))))\n",
    });

    const { image, output, reference } = await buildAndPublish("seed/second", {
      path,
      previousImage: seed.reference,
    });

    expect(output).toContain("Reusing numpy");
    const shared = layerOf(seed.image, "numpy").digest;
    expect(image.layers.map(({ digest }) => digest)).toContain(shared);
    expect(await runApp(reference)).toContain("12,345");
  });

  it("is an ordinary build where the previous image was not built by us", async () => {
    const path = await makeApp({
      "requirements.txt": "six\n",
      "main.py": "import six\nprint('ran')\n",
    });
    const { runImage } = inject("platform");

    const { reference, output } = await buildAndPublish("seed/stranger", {
      path,
      previousImage: runImage,
    });

    expect(output).not.toContain("Reusing six");
    expect(await runApp(reference)).toContain("ran");
  });
});

function newLayers(before: RemoteImage, after: RemoteImage): RemoteImage["layers"] {
  const known = new Set(before.layers.map(({ digest }) => digest));
  return after.layers.filter(({ digest }) => !known.has(digest));
}

function sizeOf(layers: RemoteImage["layers"]): number {
  return layers.reduce((sum, { size }) => sum + size, 0);
}

/** The layer that site-packages calls by this name. */
function layerOf(image: RemoteImage, name: string): RemoteImage["layers"][number] {
  const metadata = JSON.parse(image.labels["io.buildpacks.lifecycle.metadata"] ?? "{}") as {
    buildpacks: { key: string; layers: Record<string, { sha: string }> }[];
  };
  const layers = metadata.buildpacks.find(({ key }) => key === "ml-buildpacks/site-packages");
  const found = image.layers.find(({ diffId }) => diffId === layers?.layers[name]?.sha);
  if (found === undefined) throw new Error(`${name} has no layer of its own`);
  return found;
}

async function runPython(reference: string, program: string): Promise<string> {
  return runApp(reference, { args: ["--entrypoint", "python"], command: ["-c", program] });
}
