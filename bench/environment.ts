import { cpus, release, totalmem } from "node:os";
import { askEngine, type Engine } from "../scripts/lib/engine.ts";
import { readGoModule, requiredVersion } from "../scripts/lib/go.ts";
import { formatBytes } from "../src/kit/text.ts";

/** What a run's figures depend on, by the names that the report has for it. */
export async function describeEnvironment(
  engine: Engine,
  images: { readonly builder: string; readonly buildImage: string; readonly pythonImage: string },
): Promise<Readonly<Record<string, string>>> {
  const processors = cpus();
  const { builder, buildImage, pythonImage } = images;
  const id = await askEngine(engine, ["image", "inspect", "--format={{.Id}}", builder]);
  const inImage = async (image: string, ...command: readonly string[]) =>
    await askEngine(engine, ["run", "--rm", "--entrypoint=", image, ...command]);
  return {
    processors: `${processors.length} × ${processors[0]?.model ?? "unknown"}`,
    memory: formatBytes(totalmem()),
    kernel: release(),
    engine: `${engine.kind} ${await askEngine(engine, ["version", "--format={{.Server.Version}}"])}`,
    // All of ours is in it.
    builder: id.replace(/^sha256:/, "").slice(0, 12),
    BuildKit: await describeTool("buildkit", "github.com/moby/buildkit"),
    pack: await describeTool("pack", "github.com/buildpacks/pack"),
    lifecycle: await describeTool("lifecycle", "github.com/buildpacks/lifecycle"),
    uv: (await inImage(buildImage, "uv", "--version")).replace(/^uv (\S+).*$/, "$1"),
    "Node.js": (await inImage(buildImage, "node", "--version")).replace(/^v/, ""),
    pip: (await inImage(pythonImage, "pip", "--version")).replace(/^pip (\S+).*$/, "$1"),
    Python: (await inImage(pythonImage, "python3", "--version")).replace(/^Python /, ""),
  };
}

/** What both sides compress layers with is Go's own: its release matters. */
async function describeTool(name: string, dependency: string): Promise<string> {
  const module = await readGoModule(name);
  return `${requiredVersion(module, dependency)} (Go ${module.goVersion})`;
}
