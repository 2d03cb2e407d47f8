import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { readIfPossible } from "../scripts/lib/command.ts";
import { askEngine, type Engine } from "../scripts/lib/engine.ts";
import { readGoModule, requiredVersion } from "../scripts/lib/go.ts";
import { ROOT, TOOLS_BIN } from "../scripts/lib/paths.ts";
import { sha256OfTree } from "../src/kit/hash.ts";
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
    ...(await describeCommit()),
    // All of ours is in it.
    builder: id.replace(/^sha256:/, "").slice(0, 12),
    benchmark: (await digestOfBenchmark(join(ROOT, "bench"))).slice(0, 12),
    BuildKit: await withGo("buildkitd", await pinned("buildkit", "github.com/moby/buildkit")),
    pack: await withGo("pack", await packVersion()),
    lifecycle: await withGo(
      "lifecycle",
      await pinned("lifecycle", "github.com/buildpacks/lifecycle"),
    ),
    uv: (await inImage(buildImage, "uv", "--version")).replace(/^uv (\S+).*$/, "$1"),
    "Node.js": (await inImage(buildImage, "node", "--version")).replace(/^v/, ""),
    pip: (await inImage(pythonImage, "pip", "--version")).replace(/^pip (\S+).*$/, "$1"),
    Python: (await inImage(pythonImage, "python3", "--version")).replace(/^Python /, ""),
  };
}

/** Of the checkout; nothing where it is none of git's. */
async function describeCommit(): Promise<{ readonly [COMMIT]?: string }> {
  // It runs beside other things, and must not have them wait for its lock.
  const git = async (...args: readonly string[]) =>
    await readIfPossible("git", ["--no-optional-locks", "-C", ROOT, ...args]);
  const commit = await git("rev-parse", "--short", "HEAD");
  if (commit === undefined) return {};
  const changes = await git("status", "--porcelain");
  return { [COMMIT]: changes === "" ? commit : `${commit}+changes` };
}

/** For readers: whether builder and benchmark are the same, they tell by themselves. */
export const COMMIT = "commit";

/** What is built and how it is measured; not how that is told. */
export async function digestOfBenchmark(folder: string): Promise<string> {
  return await sha256OfTree(folder, (path) => path === "report" || path === "README.md");
}

/** It may be another one than ours: an installed one that is new enough is taken. */
async function packVersion(): Promise<string> {
  return (await readIfPossible(join(TOOLS_BIN, "pack"), ["version"]))?.split("\n")[0] ?? "unknown";
}

async function pinned(module: string, dependency: string): Promise<string> {
  return requiredVersion(await readGoModule(module), dependency);
}

/** What both sides compress layers with is Go's own: its release matters. */
async function withGo(program: string, version: string): Promise<string> {
  // Where all is built already, Go may be gone.
  const answer = await readIfPossible("go", ["version", join(TOOLS_BIN, program)]);
  const goRelease = /: go(\S+)/.exec(answer ?? "")?.[1];
  return goRelease === undefined ? version : `${version} (Go ${goRelease})`;
}
