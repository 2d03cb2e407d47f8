import { readFile } from "node:fs/promises";
import { type Paragraph, parseParagraphs } from "./deb822.ts";

/** The dpkg status of the run image, which the build image keeps (stacks/cpu/build.Dockerfile). */
export const RUN_IMAGE_STATUS = "/usr/share/ml-buildpacks/run-image-dpkg-status";

/**
 * Versions of an image's installed packages, by name; empty where the file is not there, as on a
 * builder whose build image is not ours.
 */
export async function readInstalledPackages(
  statusFile: string,
): Promise<ReadonlyMap<string, string>> {
  const packages = new Map<string, string>();
  for (const fields of await readInstalled(statusFile)) {
    packages.set(fields.get("package") ?? "", fields.get("version") ?? "");
  }
  return packages;
}

export interface InstalledSource {
  readonly source: string;
  readonly version: string;
}

/** The sources of the installed packages, each once, sorted. */
export async function readInstalledSources(
  statusFile: string,
): Promise<readonly InstalledSource[]> {
  const sources = new Map<string, InstalledSource>();
  for (const fields of await readInstalled(statusFile)) {
    // "Source: name (version)" where they are other than the package's own.
    const [, name, other] = /^(\S+)(?: \((\S+)\))?$/.exec(fields.get("source") ?? "") ?? [];
    const source = name ?? fields.get("package") ?? "";
    const version = other ?? fields.get("version") ?? "";
    sources.set(`${source} ${version}`, { source, version });
  }
  return [...sources].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

async function readInstalled(statusFile: string): Promise<readonly Paragraph[]> {
  const status = await readFile(statusFile, "utf8").catch(() => "");
  return parseParagraphs(status).filter(
    (fields) =>
      fields.has("package") &&
      fields.has("version") &&
      /^\S+ \S+ installed$/.test(fields.get("status") ?? ""),
  );
}
