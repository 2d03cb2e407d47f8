import { mkdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exists } from "../../src/cnb/files.ts";
import { findLayers, LayerFiles, openLayer, type LayerPlace } from "../../src/cnb/layer.ts";
import { parseToml } from "../../src/cnb/toml.ts";
import { writeFiles } from "../support/phase.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const cached = {
  name: "tool",
  types: { cache: true },
  wanted: { version: "1.0", arch: "amd64" },
  labels: { version: "The version of tool", arch: "The CPU architecture" },
} as const;

const launchOnly = { ...cached, types: { launch: true } } as const;

describe("openLayer", () => {
  it("gives an empty directory where there was nothing", async () => {
    const place = await layersDirectory();

    const layer = await openLayer(place, cached);

    expect(layer.state === "empty" && layer.cause).toEqual({ kind: "new" });
    expect(await exists(layer.path)).toBe(true);
    expect(await exists(`${layer.path}.toml`)).toBe(false);
  });

  it("keeps a cached layer whose facts are the same", async () => {
    const place = await layersDirectory();
    await commitWith(place, "old contents");

    const layer = await openLayer(place, cached);

    expect(layer.state).toBe("kept");
    expect(await readFile(join(layer.path, "file"), "utf8")).toBe("old contents");
    expect(await tomlOf(place)).toEqual({
      types: { launch: false, build: false, cache: true },
      metadata: { version: "1.0", arch: "amd64" },
    });
  });

  it("keeps a launch layer of which only the metadata was restored, without contents", async () => {
    const place = await layersDirectory();
    await restoreMetadata(place);

    const layer = await openLayer(place, launchOnly);

    expect(layer.state).toBe("kept");
    expect(await exists(layer.path)).toBe(false);
    expect(await tomlOf(place)).toHaveProperty("types.launch", true);
  });

  it("removes what a killed build left under a launch layer that is kept", async () => {
    const place = await layersDirectory();
    await restoreMetadata(place);
    await writeFiles(place.layersDir, { "tool/half": "of it" });

    const layer = await openLayer(place, launchOnly);

    expect(layer.state).toBe("kept");
    expect(await exists(layer.path)).toBe(false);
  });

  it("does not keep a launch layer of another layers directory", async () => {
    const place = await layersDirectory();
    await restoreMetadata(place, "/elsewhere");

    const layer = await openLayer(place, launchOnly);

    expect(
      layer.state === "empty" && layer.cause.kind === "outdated" && layer.cause.changes,
    ).toMatchObject([{ label: "The layers directory", found: "/elsewhere" }]);
  });

  it("empties a layer whose facts have changed, and names each of them", async () => {
    const place = await layersDirectory();
    await commitWith(place, "old contents");

    const layer = await openLayer(place, { ...cached, wanted: { version: "2.0", arch: "amd64" } });

    expect(layer.state === "empty" && layer.cause).toEqual({
      kind: "outdated",
      changes: [{ fact: "version", label: "The version of tool", found: "1.0", wanted: "2.0" }],
      found: { version: "1.0", arch: "amd64" },
    });
    expect(await exists(join(layer.path, "file"))).toBe(false);
    expect(await exists(`${layer.path}.toml`)).toBe(false);
  });

  it("does not keep a cached layer without contents", async () => {
    const place = await layersDirectory();
    await commitWith(place, "contents");
    await rm(join(place.layersDir, "tool"), { recursive: true });

    const layer = await openLayer(place, cached);

    expect(layer.state === "empty" && layer.cause).toEqual({ kind: "without-contents" });
  });

  it("does not keep a layer whose recorded facts are of another form", async () => {
    const place = await layersDirectory();
    await commitWith(place, "contents");
    const recorded = {
      parse: (): { size: number } => {
        throw new Error("size is missing");
      },
    };

    const layer = await openLayer(place, { ...cached, recorded });

    expect(layer.state === "empty" && layer.cause).toEqual({
      kind: "unreadable",
      issue: "size is missing",
      found: { version: "1.0", arch: "amd64" },
    });
  });

  it("compares tables whatever the order of their keys", async () => {
    const place = await layersDirectory();
    await writeFiles(place.layersDir, {
      "tool.toml": "[metadata.files]\nb = 1\na = 2\n",
      "tool/file": "",
    });

    const layer = await openLayer(place, {
      name: "tool",
      types: { cache: true },
      wanted: { files: { a: 2, b: 1 } },
      labels: { files: "The files" },
    });

    expect(layer.state).toBe("kept");
  });

  it("leaves nothing that counts when the build is killed before commit", async () => {
    const place = await layersDirectory();
    await commitWith(place, "contents");

    await openLayer(place, { ...cached, wanted: { version: "2.0", arch: "amd64" } });
    // The process ends here; the next build finds what is on disk.
    const layers = await findLayers(place.layersDir);

    expect(layers.size).toBe(0);
  });

  it("treats a broken layer TOML as absent", async () => {
    const place = await layersDirectory();
    await writeFiles(place.layersDir, { "tool.toml": "[metadata\n" });

    const layer = await openLayer(place, cached);

    expect(layer.state === "empty" && layer.cause).toEqual({ kind: "new" });
  });
});

describe("commit", () => {
  it("writes recorded facts beside the wanted ones", async () => {
    const place = await layersDirectory();
    const layer = await openLayer(place, {
      ...launchOnly,
      recorded: { parse: (metadata) => metadata as { size: number } },
    });

    await layer.commit({ size: 7 });

    expect(await tomlOf(place)).toHaveProperty("metadata", {
      version: "1.0",
      arch: "amd64",
      layersDir: place.layersDir,
      size: 7,
    });
  });

  it("uses fixed modes whatever the umask", async () => {
    const place = await layersDirectory();
    const before = process.umask(0o077);
    try {
      const layer = await openLayer(place, launchOnly);
      await layer.writeExecD("check", "#!/bin/sh\n");

      expect((await stat(join(layer.path, "exec.d"))).mode & 0o7777).toBe(0o755);
      expect((await stat(join(layer.path, "exec.d", "check"))).mode & 0o7777).toBe(0o755);
    } finally {
      process.umask(before);
    }
  });
});

describe("rules that the lifecycle would hold us to", () => {
  it.each([
    ["a name with a dot", () => layerFiles("cuda-12.4"), /without dots.*cuda-12\.4/],
    ["a reserved name", () => layerFiles("launch"), /may not be called.*launch/],
    ["no type at all", () => layerFiles("tool", {}), /needs at least one of the types/],
  ])("refuses %s", async (_what, make, message) => {
    await expect(make()).rejects.toThrow(message);
  });

  it("refuses types at the top level", async () => {
    const place = await layersDirectory();
    await writeFiles(place.layersDir, { "tool.toml": "launch = true\n" });

    await expect(openLayer(place, cached)).rejects.toThrow(/stand in the table \[types\]/);
  });

  it("refuses an SBOM whose format buildpack.toml does not declare", async () => {
    const layer = await layerFiles("tool");

    await expect(layer.writeSbom("spdx", "{}")).rejects.toThrow(
      "An SBOM's media type must be listed in buildpack.toml under sbom-formats. Found: application/spdx+json.",
    );
  });

  it("refuses a cached layer without contents", async () => {
    const layer = await layerFiles("tool", { cache: true });

    await expect(layer.commit()).rejects.toThrow(/must have contents/);
  });
});

async function layersDirectory(): Promise<LayerPlace> {
  return { layersDir: await temporaryDirectory(), sbomMediaTypes: [] };
}

async function layerFiles(name: string, types: { cache?: true; launch?: true } = { launch: true }) {
  return new LayerFiles(await layersDirectory(), name, types, {});
}

/** What the lifecycle restores of a launch layer: its metadata, without types. */
async function restoreMetadata(place: LayerPlace, layersDir = place.layersDir): Promise<void> {
  const metadata = `version = "1.0"\narch = "amd64"\nlayersDir = "${layersDir}"`;
  await writeFiles(place.layersDir, { "tool.toml": `[metadata]\n${metadata}\n` });
}

/** What an earlier build left, as the lifecycle restores it: without types. */
async function commitWith(place: LayerPlace, contents: string): Promise<void> {
  await mkdir(join(place.layersDir, "tool"), { recursive: true });
  await writeFiles(place.layersDir, {
    "tool/file": contents,
    "tool.toml": '[metadata]\nversion = "1.0"\narch = "amd64"\n',
  });
}

async function tomlOf(place: LayerPlace): Promise<unknown> {
  return parseToml(await readFile(join(place.layersDir, "tool.toml"), "utf8"));
}
