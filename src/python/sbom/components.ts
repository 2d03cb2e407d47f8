import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Distribution, type Lock, normalizeName } from "../lock.ts";
import type { Component } from "../../kit/cyclonedx.ts";
import { readLicenses } from "./licenses.ts";
import { headerOf, parseMetadataHeaders } from "./metadata-headers.ts";
import { purlFor } from "./purl.ts";

/** Reads what is installed in directories of packages, from their `*.dist-info/METADATA`. */
export async function readComponents(
  sitePackagesDirs: readonly string[],
  lock: Lock,
): Promise<readonly Component[]> {
  const distributions = new Map(lock.map((entry) => [normalizeName(entry.name), entry]));
  const found = await Promise.all(
    sitePackagesDirs.map((directory) => readDirectory(directory, distributions)),
  );
  return found.flat();
}

async function readDirectory(
  directory: string,
  distributions: ReadonlyMap<string, Distribution>,
): Promise<readonly Component[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".dist-info")).sort();
  return Promise.all(
    names.map(async (name) => {
      const content = await readIfPresent(join(directory, name, "METADATA"));
      return componentFor(name, content, distributions);
    }),
  );
}

/** Where METADATA does not tell name and version, the name of its directory does. */
function componentFor(
  directoryName: string,
  content: string,
  distributions: ReadonlyMap<string, Distribution>,
): Component {
  const headers = parseMetadataHeaders(content);
  const stem = directoryName.slice(0, -".dist-info".length);
  const dash = stem.lastIndexOf("-");
  const name = headerOf(headers, "name") ?? stem.slice(0, dash < 0 ? undefined : dash);
  const version = headerOf(headers, "version") ?? (dash < 0 ? "" : stem.slice(dash + 1));
  const distribution = distributions.get(normalizeName(name));
  return {
    name,
    version,
    purl: purlFor(name, version, distribution),
    description: headerOf(headers, "summary")?.split("\n")[0],
    sha256: digestOf(distribution),
    licenses: readLicenses(headers),
  };
}

function digestOf(distribution: Distribution | undefined): string | undefined {
  const isWheel =
    distribution?.from === "wheel" ||
    (distribution?.from === "url" && /\.whl(?:[?#]|$)/i.test(distribution.url));
  return isWheel ? distribution.sha256 : undefined;
}

async function readIfPresent(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
