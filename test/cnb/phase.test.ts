import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { always, type Detected } from "../../src/cnb/detect.ts";
import { exists } from "../../src/cnb/files.ts";
import { override } from "../../src/cnb/layer-env.ts";
import { runPhase } from "../../src/cnb/phase.ts";
import { parseToml } from "../../src/cnb/toml.ts";
import { build, phaseDirectories, phaseEnv, writeFiles } from "../support/phase.ts";

describe("the build phase", () => {
  it("writes launch.toml, build.toml, store.toml and SBOMs", async () => {
    const directories = await phaseDirectories({
      sbomFormats: ["application/vnd.cyclonedx+json"],
    });

    const code = await build(
      {
        build: async () => ({
          launch: {
            processes: [{ type: "web", command: ["python"], args: ["app.py"], default: true }],
            labels: { "com.example.team": "vision" },
            slices: [{ paths: ["models/*"] }],
          },
          unmet: ["gpu"],
          store: { builds: 2 },
          launchSbom: { cdx: '{"bomFormat":"CycloneDX"}' },
        }),
      },
      directories,
    );

    expect(code).toBe(0);
    expect(await toml(directories.layers, "launch.toml")).toEqual({
      labels: [{ key: "com.example.team", value: "vision" }],
      processes: [{ type: "web", command: ["python"], args: ["app.py"], default: true }],
      slices: [{ paths: ["models/*"] }],
    });
    expect(await toml(directories.layers, "build.toml")).toEqual({ unmet: [{ name: "gpu" }] });
    expect(await toml(directories.layers, "store.toml")).toEqual({ metadata: { builds: 2 } });
    expect(await readFile(join(directories.layers, "launch.sbom.cdx.json"), "utf8")).toContain(
      "CycloneDX",
    );
  });

  it("gives the plan, the store, the target and the bindings", async () => {
    const directories = await phaseDirectories();
    await writeFiles(directories.layers, { "store.toml": "[metadata]\nbuilds = 1\n" });
    await writeFiles(join(directories.platform, "bindings", "mirror"), {
      type: "PyPI\n",
      url: "https://example.com",
      "..data": "Kubernetes keeps its links under such names",
    });
    const seen: Record<string, unknown> = {};

    await build(
      {
        build: async (context) => {
          const [binding] = await context.readBindings();
          seen["store"] = context.store;
          seen["asks"] = context.plan.asks("site-packages", "build");
          seen["target"] = `${context.target.os}/${context.target.arch}`;
          seen["binding"] = [binding?.type, binding?.keys, await binding?.read("url")];
          seen["id"] = context.buildpack.id;
          return {};
        },
      },
      directories,
      { entries: [{ name: "site-packages", metadata: { build: true } }] },
    );

    expect(seen).toEqual({
      store: { builds: 1 },
      asks: true,
      target: "linux/amd64",
      binding: ["pypi", ["url"], "https://example.com"],
      id: "test/example",
    });
  });

  it("keeps a found layer as it is, and empties a fresh one", async () => {
    const directories = await phaseDirectories();
    await writeFiles(directories.layers, {
      "torch.toml": '[metadata]\nversion = "2.11"\n',
      "handover/old": "",
      "handover.toml": "",
    });

    await build(
      {
        build: async (context) => {
          const found = (await context.foundLayers()).get("torch");
          if (found !== undefined) await context.keepLayer(found, { launch: true });
          const handover = await context.freshLayer("handover", { build: true });
          await handover.writeEnv({ build: { A: override("1") } });
          await handover.commit();
          return {};
        },
      },
      directories,
    );

    expect(await toml(directories.layers, "torch.toml")).toEqual({
      types: { launch: true, build: false, cache: false },
      metadata: { version: "2.11" },
    });
    expect(await exists(join(directories.layers, "torch"))).toBe(false);
    expect(await exists(join(directories.layers, "handover", "old"))).toBe(false);
    expect(await readFile(join(directories.layers, "handover/env.build/A.override"), "utf8")).toBe(
      "1",
    );
  });

  it.each([
    [
      "two default processes",
      { processes: [web, { ...web, type: "other" }] },
      /one process as default.*web, other/,
    ],
    [
      "a process without a command",
      { processes: [{ type: "web", command: [""] as [string] }] },
      /needs a command/,
    ],
    [
      "a process type with a blank",
      { processes: [{ ...web, type: "my web" }] },
      /process type is made of/,
    ],
    ["a label without a key", { labels: { "": "x" } }, /needs a key/],
  ])("refuses %s", async (_what, launch, message) => {
    const directories = await phaseDirectories();

    await expect(build({ build: async () => ({ launch }) }, directories)).rejects.toThrow(message);
  });
});

describe("contents made on demand", () => {
  it("makes an absent layer from its metadata, once, and cleans up after a failure", async () => {
    const directories = await phaseDirectories();
    await writeFiles(directories.layers, { "tool.toml": '[metadata]\nversion = "1"\n' });
    const made: unknown[] = [];
    const attempt = (fails: boolean) =>
      build(
        {
          build: async () => ({}),
          recreate: {
            tool: async ({ layer }) => {
              made.push(layer.metadata["version"]);
              await writeFiles(layer.path, { file: "contents" });
              if (fails) throw new Error("no network");
            },
          },
        },
        directories,
        { argv: ["--recreate", "tool", directories.layers] },
      );

    await expect(attempt(true)).rejects.toThrow("no network");
    expect(await exists(join(directories.layers, "tool"))).toBe(false);

    await attempt(false);
    await attempt(false);
    expect(made).toEqual(["1", "1"]);
    expect(await exists(join(directories.layers, "tool", "file"))).toBe(true);
  });

  it("makes a layer again whose making was killed", async () => {
    const directories = await phaseDirectories();
    await writeFiles(directories.layers, { "tool.toml": '[metadata]\nversion = "1"\n' });
    const tool = join(directories.layers, "tool");
    const argv = ["--recreate", "tool", directories.layers];
    // A killed process runs no clean-up, and a promise that never settles neither.
    const started = new Promise<void>((resolve) => {
      const recreate = {
        tool: async () => {
          await writeFiles(tool, { half: "" });
          resolve();
          await new Promise(() => {});
        },
      };
      void build({ build: async () => ({}), recreate }, directories, { argv });
    });
    await started;

    const whole = { tool: () => writeFiles(tool, { whole: "" }) };
    await build({ build: async () => ({}), recreate: whole }, directories, { argv });

    expect(await readdir(tool)).toEqual(["whole"]);
  });

  it("names a command that another buildpack can run", async () => {
    const directories = await phaseDirectories();
    let command = "";

    await build(
      {
        build: async (context) => {
          command = context.recreateCommand("tool");
          return {};
        },
      },
      directories,
    );

    const { buildpack, layers } = directories;
    expect(command).toBe(
      `CNB_BUILDPACK_DIR='${buildpack}' '${buildpack}/bin/build' '--recreate' 'tool' '${layers}'`,
    );
  });
});

describe("detection by a function", () => {
  it("writes the plan when it takes part", async () => {
    const { code, plan } = await detect({ takesPart: true, plan: { provides: ["x"] } });

    expect(code).toBe(0);
    expect(parseToml(plan)).toEqual({ provides: [{ name: "x" }] });
  });

  it("writes none when it does not", async () => {
    const { code, plan } = await detect({ takesPart: false, reason: "nothing to do" });

    expect(code).toBe(100);
    expect(plan).toBe("");
  });

  async function detect(detected: Detected) {
    const directories = await phaseDirectories();
    const cases = [{ when: always, inspect: async () => detected }];
    const code = await runPhase(
      { detect: { cases, otherwise: "" }, build: async () => ({}) },
      { argv: ["--detect", "0"], env: phaseEnv(directories), cwd: directories.app },
    );
    return { code, plan: await readFile(directories.plan, "utf8").catch(() => "") };
  }
});

const web = { type: "web", command: ["python"] as [string], default: true };

async function toml(directory: string, name: string): Promise<unknown> {
  return parseToml(await readFile(join(directory, name), "utf8"));
}
