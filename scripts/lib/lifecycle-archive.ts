import { copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatToml } from "../../src/cnb/toml.ts";
import { read } from "./command.ts";
import { describeGoProgram } from "./go-sbom.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";
import type { Tools } from "./tools.ts";

/** To be counted up when this file writes the archive in another way. */
export const ARCHIVE_LAYOUT = 1;

/**
 * Writes the archive that `pack builder create` takes a lifecycle from, laid out as a release is:
 * https://github.com/buildpacks/lifecycle/blob/v0.21.14/tools/packager/main.go
 */
export async function writeLifecycleArchive(
  { lifecycle, launcher, lifecycleArchive }: Tools,
  version: string,
): Promise<void> {
  const folder = await makeTemporaryFolder();
  const programs = join(folder, "lifecycle");
  await mkdir(programs);
  for (const [name, path] of Object.entries({ lifecycle, launcher })) {
    await copyFile(path, join(programs, name));
    for (const [ending, document] of await describeGoProgram(path)) {
      await writeFile(join(programs, `${name}.${ending}`), document);
    }
  }
  for (const phase of PHASES) await symlink("lifecycle", join(programs, phase));
  await writeFile(join(folder, "lifecycle.toml"), describeLifecycle(version));
  // Equal programs give an equal archive.
  const equal = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
  await read("tar", [
    "-C",
    folder,
    ...equal,
    "-czf",
    lifecycleArchive,
    "lifecycle.toml",
    "lifecycle",
  ]);
}

const PHASES = [
  "analyzer",
  "detector",
  "restorer",
  "builder",
  "exporter",
  "creator",
  "rebaser",
  "extender",
];

// https://github.com/buildpacks/lifecycle/blob/v0.21.14/api/apis.go
const BUILDPACK_APIS = ["0.7", "0.8", "0.9", "0.10", "0.11", "0.12"];
const PLATFORM_APIS = [...BUILDPACK_APIS, "0.13", "0.14", "0.15"];

/** What a builder or a platform may ask of it. */
export const LIFECYCLE_APIS = {
  buildpack: { deprecated: [], supported: BUILDPACK_APIS },
  platform: { deprecated: [], supported: PLATFORM_APIS },
};

const SBOM_FORMATS = [
  "application/vnd.cyclonedx+json",
  "application/spdx+json",
  "application/vnd.syft+json",
];

function describeLifecycle(version: string): string {
  return formatToml({
    apis: LIFECYCLE_APIS,
    api: { platform: "0.7", buildpack: "0.7" },
    lifecycle: { version, "sbom-formats": SBOM_FORMATS },
  });
}
