import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readBindings } from "./bindings.ts";
import type {
  BuildContext,
  Buildpack,
  BuildpackDescriptor,
  BuildResult,
  PhaseContext,
} from "./buildpack.ts";
import type { DetectContext } from "./detect.ts";
import { type Env, readVariable } from "./env.ts";
import { ExitCode } from "./exit-code.ts";
import { exists, writeFileWhole } from "./files.ts";
import { launchTable } from "./launch.ts";
import {
  emptyLayer,
  findLayers,
  keepLayer,
  LayerFiles,
  type LayerPlace,
  openLayer,
} from "./layer.ts";
import { formatPlan, parsePlanEntries } from "./plan.ts";
import { type SbomFormat, writeSbom } from "./sbom.ts";
import { readTarget } from "./target.ts";
import { formatToml, readTomlIfPresent } from "./toml.ts";

/** A process as the lifecycle starts it. Passed in, so that a test is a process too. */
export interface Invocation {
  readonly argv: readonly string[];
  readonly env: Env;
  readonly cwd: string;
}

/**
 * Runs the phase that the arguments name and gives the exit code:
 * `bin/build` as the lifecycle calls it, `--detect <case>` from the detect script,
 * `--recreate <layer> <layers directory>` from a later buildpack.
 * Errors are the caller's to report.
 */
export async function runPhase(buildpack: Buildpack, invocation: Invocation): Promise<number> {
  const [phase, subject, layersDir] = invocation.argv;
  if (phase === "--detect") return runDetect(buildpack, invocation, Number(subject));
  if (phase === "--recreate") {
    return runRecreate(buildpack, invocation, subject ?? "", layersDir ?? "");
  }
  return runBuild(buildpack, invocation);
}

async function runDetect(
  buildpack: Buildpack,
  { env, cwd }: Invocation,
  index: number,
): Promise<number> {
  const detectCase = buildpack.detect.cases[index];
  if (detectCase === undefined || !("inspect" in detectCase)) return ExitCode.buildpack;
  const context: DetectContext = {
    appDir: cwd,
    platformDir: required(env, "CNB_PLATFORM_DIR"),
    env,
    target: readTarget(env),
  };
  const detected = await detectCase.inspect(context);
  if (!detected.takesPart) {
    process.stdout.write(`${detected.reason}\n`);
    return ExitCode.notTakingPart;
  }
  await writeFileWhole(required(env, "CNB_BUILD_PLAN_PATH"), formatPlan(detected.plan));
  return ExitCode.success;
}

async function runBuild(buildpack: Buildpack, invocation: Invocation): Promise<number> {
  const { env } = invocation;
  const common = await phaseContext(invocation, required(env, "CNB_LAYERS_DIR"));
  const place = placeOf(common);
  const context: BuildContext = {
    ...common,
    plan: parsePlanEntries(await readTomlIfPresent(required(env, "CNB_BP_PLAN_PATH"))),
    store: await readStore(common.layersDir),
    layer: (spec) => openLayer(place, spec),
    freshLayer: async (name, types) => {
      const layer = new LayerFiles<never>(place, name, types, {});
      await emptyLayer(common.layersDir, name);
      return layer;
    },
    foundLayers: () => findLayers(common.layersDir),
    keepLayer: (found, types) => keepLayer(place, found, types),
    recreateCommand: (layer) => {
      const { buildpackDir, layersDir } = common;
      const program = join(buildpackDir, "bin", "build");
      const words = [program, "--recreate", layer, layersDir].map(shellQuote);
      // It is run by another buildpack, whose own directory this variable names there.
      return `CNB_BUILDPACK_DIR=${shellQuote(buildpackDir)} ${words.join(" ")}`;
    },
  };
  await writeResult(place, await buildpack.build(context));
  return ExitCode.success;
}

async function runRecreate(
  buildpack: Buildpack,
  invocation: Invocation,
  layer: string,
  layersDir: string,
): Promise<number> {
  const recreate = buildpack.recreate?.[layer];
  if (recreate === undefined) return ExitCode.buildpack;
  const path = join(layersDir, layer);
  // Nothing else tells a whole layer from one whose making was killed.
  const unfinished = join(path, ".unfinished");
  if ((await exists(path)) && !(await exists(unfinished))) return ExitCode.success;

  const metadata = (await findLayers(layersDir)).get(layer)?.metadata ?? {};
  const common = await phaseContext(invocation, layersDir);
  try {
    await rm(path, { recursive: true, force: true });
    await writeFileWhole(unfinished, "");
    const foundLayers = () => findLayers(layersDir);
    await recreate({ ...common, layer: { path, metadata }, foundLayers });
    await rm(unfinished);
  } catch (error) {
    // Half a layer would be exported in place of the whole one that the previous image has.
    await rm(path, { recursive: true, force: true });
    throw error;
  }
  return ExitCode.success;
}

async function phaseContext({ env, cwd }: Invocation, layersDir: string): Promise<PhaseContext> {
  const buildpackDir = resolve(required(env, "CNB_BUILDPACK_DIR"));
  const platformDir = required(env, "CNB_PLATFORM_DIR");
  return {
    buildpack: await readDescriptor(buildpackDir),
    buildpackDir,
    appDir: cwd,
    layersDir,
    platformDir,
    target: readTarget(env),
    env,
    readBindings: () => readBindings(platformDir),
  };
}

async function readDescriptor(buildpackDir: string): Promise<BuildpackDescriptor> {
  const document = (await readTomlIfPresent(join(buildpackDir, "buildpack.toml"))) ?? {};
  const table = document["buildpack"] as {
    id: string;
    version: string;
    "sbom-formats"?: readonly string[];
  };
  return { id: table.id, version: table.version, sbomFormats: table["sbom-formats"] ?? [] };
}

function placeOf({ layersDir, buildpack }: PhaseContext): LayerPlace {
  return { layersDir, sbomMediaTypes: buildpack.sbomFormats };
}

async function readStore(layersDir: string): Promise<Record<string, unknown>> {
  const document = await readTomlIfPresent(join(layersDir, "store.toml"));
  return (document?.["metadata"] as Record<string, unknown> | undefined) ?? {};
}

async function writeResult(place: LayerPlace, result: BuildResult): Promise<void> {
  const { layersDir } = place;
  if (result.launch !== undefined) {
    await writeFileWhole(join(layersDir, "launch.toml"), formatToml(launchTable(result.launch)));
  }
  if (result.unmet !== undefined) {
    const unmet = result.unmet.map((name) => ({ name }));
    await writeFileWhole(join(layersDir, "build.toml"), formatToml({ unmet }));
  }
  if (result.store !== undefined) {
    await writeFileWhole(join(layersDir, "store.toml"), formatToml({ metadata: result.store }));
  }
  await writeSboms(place, "launch", result.launchSbom);
  await writeSboms(place, "build", result.buildSbom);
}

async function writeSboms(
  { layersDir, sbomMediaTypes }: LayerPlace,
  owner: "launch" | "build",
  documents: BuildResult["launchSbom"],
): Promise<void> {
  for (const [format, document] of Object.entries(documents ?? {})) {
    await writeSbom(layersDir, sbomMediaTypes, owner, format as SbomFormat, document);
  }
}

function shellQuote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function required(env: Env, name: string): string {
  const value = readVariable(env, name);
  if (value === undefined) {
    throw new Error(
      `${name} is not set. This program is started by the Cloud Native Buildpacks lifecycle.`,
    );
  }
  return value;
}
