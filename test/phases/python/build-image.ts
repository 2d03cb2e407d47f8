import { join } from "node:path";
import { bundleBuildpack } from "../../../scripts/lib/bundle.ts";
import { readAll } from "../../../scripts/lib/command.ts";
import { findEngine } from "../../../scripts/lib/engine.ts";
import { ROOT } from "../../../scripts/lib/paths.ts";
import { prepareStack } from "../../../scripts/lib/stack.ts";

/** Runs a shell script in the build image, without a network; gives all that it prints. */
export async function runInBuildImage(
  script: string,
  volumes: Readonly<Record<string, string>>,
): Promise<string> {
  const engine = await findEngine();
  const { build } = await prepareStack(engine, "cpu");
  const mounts = Object.entries(volumes).flatMap(([from, to]) => ["--volume", `${from}:${to}:ro`]);
  return await readAll(
    engine.cli,
    ["run", "--rm", "--interactive", "--network=none", ...mounts, build, "sh"],
    { env: engine.env, input: script },
  );
}

/** The buildpack as a builder has it: the folder to mount. */
export async function bundled(name: string): Promise<string> {
  await bundleBuildpack(ROOT, name);
  return join(ROOT, "buildpacks", name);
}
