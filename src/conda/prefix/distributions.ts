import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { normalizeName } from "../../python/lock.ts";
import { headerOf, parseMetadataHeaders } from "../../python/sbom/metadata-headers.ts";
import { compareTexts } from "../../kit/text.ts";

/**
 * The Python distributions that conda's packages bring: versions by normalised name, sorted. conda
 * names packages otherwise (`pytorch` is `torch`), so that only their metadata tells.
 * https://packaging.python.org/en/latest/specifications/recording-installed-packages/
 */
export async function readDistributions(
  sitePackages: string,
): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(sitePackages).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const found = await Promise.all(
    names
      .filter((name) => /\.(?:dist|egg)-info$/.test(name))
      .sort()
      .map((name) => readDistribution(sitePackages, name)),
  );
  const known = found.filter((one) => one !== undefined);
  return Object.fromEntries(known.sort(([a], [b]) => compareTexts(a, b)));
}

/** Where no metadata tell name and version, the name of their directory does. */
async function readDistribution(
  sitePackages: string,
  directory: string,
): Promise<readonly [name: string, version: string] | undefined> {
  const headers = parseMetadataHeaders(await readMetadata(join(sitePackages, directory)));
  // Names of eggs end with the Python version: "six-1.16.0-py3.11.egg-info".
  const stem = directory.replace(/\.(?:dist|egg)-info$/, "").replace(/-py\d[\d.]*$/, "");
  const [, ofStem, versionOfStem] = /^(.+?)-(\d[^-]*)$/.exec(stem) ?? [];
  const name = headerOf(headers, "name") ?? ofStem;
  const version = headerOf(headers, "version") ?? versionOfStem;
  return name === undefined || version === undefined ? undefined : [normalizeName(name), version];
}

/** An egg's may be a directory or a file: https://setuptools.pypa.io/en/latest/deprecated/python_eggs.html */
async function readMetadata(path: string): Promise<string> {
  for (const candidate of [join(path, "METADATA"), join(path, "PKG-INFO"), path]) {
    try {
      return await readFile(candidate, "utf8");
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (!["ENOENT", "ENOTDIR", "EISDIR"].includes(code)) throw error;
    }
  }
  return "";
}
