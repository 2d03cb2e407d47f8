import { readFile } from "node:fs/promises";

/** The dpkg status of the run image, which the build image keeps (stacks/cpu/build.Dockerfile). */
export const RUN_IMAGE_STATUS = "/usr/share/ml-buildpacks/run-image-dpkg-status";

/**
 * Versions of an image's installed packages, by name; empty where the file is not there, as on a
 * builder whose build image is not ours.
 */
export async function readInstalledPackages(
  statusFile: string,
): Promise<ReadonlyMap<string, string>> {
  const status = await readFile(statusFile, "utf8").catch(() => "");
  const packages = new Map<string, string>();
  for (const paragraph of status.split("\n\n")) {
    const [, name] = /^Package: (\S+)/m.exec(paragraph) ?? [];
    const [, version] = /^Version: (\S+)/m.exec(paragraph) ?? [];
    const isInstalled = /^Status: \S+ \S+ installed$/m.test(paragraph);
    if (name !== undefined && version !== undefined && isInstalled) packages.set(name, version);
  }
  return packages;
}
