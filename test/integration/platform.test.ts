import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { askEngine, type Engine, findEngine } from "../../scripts/lib/engine.ts";
import { findLabel } from "../../scripts/lib/images.ts";
import { listCacheVolumes, removeCacheVolumes, runPack } from "../../scripts/lib/pack.ts";
import { buildAndPublish, buildIntoEngine, runApp } from "../support/platform.ts";

let engine: Engine;
let app: string;

beforeAll(async () => {
  engine = await findEngine();
  app = await mkdtemp(join(tmpdir(), "app-"));
  await writeFile(join(app, "Procfile"), "web: python3 --version\n");
  await writeFile(join(app, "requirements.txt"), "six==1.17.0\n");
});

afterAll(() => rm(app, { recursive: true }));

describe("the builder", () => {
  it("builds an app into a registry, from which it runs", async () => {
    const { image, reference } = await buildAndPublish("platform/published", { path: app });

    expect(image.labels["io.buildpacks.stack.id"]).toBe("io.ml-buildpacks.stacks.debian13");
    expect(await runApp(reference)).toContain("Python 3.13");
  });

  it("builds an app into the engine, from which it runs", async () => {
    const { reference } = await buildIntoEngine("platform/engine", { path: app });

    expect(await runApp(reference)).toContain("Python 3.13");
  });

  it("keeps its cache in volumes that we know by name", async () => {
    const { reference } = await buildIntoEngine("platform/cached", { path: app });

    expect(await listCacheVolumes(engine, reference)).toHaveLength(2);

    await removeCacheVolumes(engine, reference);

    expect(await listCacheVolumes(engine, reference)).toEqual([]);
  });
});

describe("the stack", () => {
  const run = async (image: string, script: string) =>
    await askEngine(engine, ["run", "--rm", image, "sh", "-c", script]);

  it("gives both images the same facts about the run image", async () => {
    const facts = ["io.ml-buildpacks.dpkg-status", "io.ml-buildpacks.python"];
    const labelsOf = async (image: string) =>
      await Promise.all(facts.map((label) => findLabel(engine, image, label)));

    expect(await labelsOf("ml-buildpacks/run:cpu")).toEqual(
      await labelsOf("ml-buildpacks/build:cpu"),
    );
    expect(await run("ml-buildpacks/run:cpu", "sha256sum </var/lib/dpkg/status")).toContain(
      (await findLabel(engine, "ml-buildpacks/run:cpu", facts[0] ?? ""))?.replace("sha256:", ""),
    );
    expect(
      await run(
        "ml-buildpacks/build:cpu",
        "sha256sum </usr/share/ml-buildpacks/run-image-dpkg-status",
      ),
    ).toContain(
      (await findLabel(engine, "ml-buildpacks/run:cpu", facts[0] ?? ""))?.replace("sha256:", ""),
    );
  });

  it("runs as a user with a home of its own", async () => {
    for (const image of ["ml-buildpacks/run:cpu", "ml-buildpacks/build:cpu"]) {
      expect(await run(image, "id -u; id -g; echo $HOME; touch ~/x && echo written")).toBe(
        "1000\n1000\n/home/cnb\nwritten",
      );
    }
  });

  it("has no compilers, package lists or HTTPS roots of this machine where apps run", async () => {
    const found = await run(
      "ml-buildpacks/run:cpu",
      "for program in gcc cc make git node uv; do command -v $program; done; ls /var/lib/apt/lists /var/cache/apt/*.bin /tmp /usr/local/share/ca-certificates 2>/dev/null | grep -v : || true",
    );

    expect(found.trim()).toBe("");
  });

  it("has what wheels load from the system", async () => {
    const libraries = "libstdc++.so.6 libgomp.so.1 libssl.so.3 libsqlite3.so.0 libffi.so.8";
    const script = `for library in ${libraries}; do ldconfig -p | grep -q "$library" || echo "$library is missing"; done`;

    expect(await run("ml-buildpacks/run:cpu", script)).toBe("");
  });
});

describe("the builder image", () => {
  it("is inspected by pack without a warning", async () => {
    const output = await runPack(engine, ["builder", "inspect", inject("platform").builder]);

    expect(output).not.toMatch(/warning/i);
    expect(output).toContain("ID: io.ml-buildpacks.stacks.debian13");
  });
});
