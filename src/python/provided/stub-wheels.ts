import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { normalizeName } from "../lock.ts";
import { parseRequirementParts } from "../requirements/requirement.ts";
import { parseMetadataHeaders } from "../sbom/metadata-headers.ts";
import { storedZip } from "./stored-zip.ts";

/**
 * Writes a wheel without contents for each package, so that a resolver finds exactly the version
 * that is there. What a package requires is left out, since who provides it has seen to that, often
 * in ways that the package's own metadata do not tell. Only what its extras require is said: pip
 * installs it where it is asked for one.
 */
export async function writeStubWheels(
  packages: ReadonlyMap<string, string>,
  sitePackages: string,
  directory: string,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const metadata = await findMetadata(sitePackages);
  for (const [name, version] of packages) {
    const stem = `${name.replaceAll("-", "_")}-${version}`;
    const extras = await extrasIn(metadata.get(name));
    const files = {
      [`${stem}.dist-info/METADATA`]: lines(
        "Metadata-Version: 2.1",
        `Name: ${name}`,
        `Version: ${version}`,
        ...extras,
      ),
      [`${stem}.dist-info/WHEEL`]: lines(
        "Wheel-Version: 1.0",
        "Root-Is-Purelib: true",
        "Tag: py3-none-any",
      ),
      [`${stem}.dist-info/RECORD`]: "",
    };
    await writeFile(join(directory, `${stem}-py3-none-any.whl`), storedZip(files));
  }
}

/** The paths of METADATA files, by normalised names. */
async function findMetadata(sitePackages: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(sitePackages).catch(() => []);
  return new Map(
    entries
      .filter((entry) => entry.endsWith(".dist-info"))
      .map((entry) => {
        const stem = entry.slice(0, -".dist-info".length);
        const name = normalizeName(stem.slice(0, stem.lastIndexOf("-")));
        return [name, join(sitePackages, entry, "METADATA")];
      }),
  );
}

/** The headers that are about extras, as far as a resolver can read them. */
async function extrasIn(path: string | undefined): Promise<readonly string[]> {
  const content = path === undefined ? "" : await readFile(path, "utf8").catch(() => "");
  const headers = parseMetadataHeaders(content);
  const required = (headers.get("requires-dist") ?? []).filter((requirement) => {
    const parts = parseRequirementParts(requirement);
    if (parts === undefined || "issue" in parts || parts.url !== undefined) return false;
    return /\bextra\b/.test(parts.marker ?? "");
  });
  return [
    ...(headers.get("provides-extra") ?? []).map((extra) => `Provides-Extra: ${extra}`),
    ...required.map((requirement) => `Requires-Dist: ${requirement}`),
  ];
}

function lines(...all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}
