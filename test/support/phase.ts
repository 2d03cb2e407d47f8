import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Buildpack } from "../../src/cnb/buildpack.ts";
import { runPhase } from "../../src/cnb/phase.ts";
import { formatToml, type TomlTable } from "../../src/cnb/toml.ts";
import { temporaryDirectory } from "./temporary.ts";

/** The directories that the lifecycle gives to one buildpack. */
export interface PhaseDirectories {
  readonly app: string;
  readonly layers: string;
  readonly platform: string;
  readonly buildpack: string;
  readonly plan: string;
}

export async function phaseDirectories(
  options: { readonly sbomFormats?: readonly string[]; readonly id?: string } = {},
): Promise<PhaseDirectories> {
  const root = await temporaryDirectory();
  const directories = {
    app: join(root, "app"),
    layers: join(root, "layers"),
    platform: join(root, "platform"),
    buildpack: join(root, "buildpack"),
    plan: join(root, "plan.toml"),
  };
  for (const name of ["app", "layers", "platform", "buildpack"] as const) {
    await mkdir(directories[name]);
  }
  const buildpack = {
    id: options.id ?? "test/example",
    version: "1.2.3",
    "sbom-formats": [...(options.sbomFormats ?? [])],
  };
  await writeFiles(directories.buildpack, {
    "buildpack.toml": formatToml({ api: "0.10", buildpack }),
  });
  return directories;
}

export async function writeFiles(
  root: string,
  files: { readonly [path: string]: string | Uint8Array },
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

export function phaseEnv(directories: PhaseDirectories): Record<string, string> {
  return {
    CNB_LAYERS_DIR: directories.layers,
    CNB_PLATFORM_DIR: directories.platform,
    CNB_BUILDPACK_DIR: directories.buildpack,
    CNB_BP_PLAN_PATH: directories.plan,
    CNB_BUILD_PLAN_PATH: directories.plan,
    CNB_TARGET_OS: "linux",
    CNB_TARGET_ARCH: "amd64",
  };
}

/** Runs the build phase in this process. */
export async function build(
  buildpack: Pick<Buildpack, "build" | "recreate">,
  directories: PhaseDirectories,
  options: {
    readonly env?: Record<string, string>;
    readonly entries?: readonly TomlTable[];
    readonly argv?: readonly string[];
  } = {},
): Promise<number> {
  await writeFiles(dirname(directories.plan), {
    "plan.toml": formatToml({ entries: [...(options.entries ?? [])] }),
  });
  return runPhase(
    { detect: { cases: [], otherwise: "" }, ...buildpack },
    {
      argv: options.argv ?? [],
      env: { ...phaseEnv(directories), ...options.env },
      cwd: directories.app,
    },
  );
}
