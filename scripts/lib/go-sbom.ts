import { sha256 } from "../../src/kit/hash.ts";
import { read } from "./command.ts";

interface GoPackage {
  readonly name: string;
  readonly version: string;
}

/** A Go program and the modules that are linked into it. */
interface GoProgram extends GoPackage {
  readonly modules: readonly GoPackage[];
}

/**
 * The bills of materials of a Go program, by the endings under which the lifecycle looks for them
 * (https://github.com/buildpacks/lifecycle/blob/v0.21.14/phase/exporter.go).
 */
export async function describeGoProgram(path: string): Promise<ReadonlyMap<string, string>> {
  // `go build` writes what it links into the program itself.
  const program = parseBuildInformation(await read("go", ["version", "-m", path]));
  return new Map(
    Object.entries({
      "sbom.cdx.json": cycloneDx(program),
      "sbom.spdx.json": spdx(program),
      "sbom.syft.json": syft(program),
    }).map(([ending, document]) => [ending, JSON.stringify(document)]),
  );
}

/** Reads what `go version -m` prints. */
export function parseBuildInformation(text: string): GoProgram {
  const rows = text.split("\n").map((line) => line.trim().split("\t"));
  const go = rows[0]?.[0]?.match(/go(\S+)$/)?.[1] ?? "";
  const main = rows.find(([kind]) => kind === "mod");
  const [, name = "", version = ""] = main ?? [];
  const modules = rows
    .filter(([kind]) => kind === "dep")
    .map(([, dependency = "", pinned = ""]) => ({ name: dependency, version: pinned }));
  return { name, version, modules: [{ name: "stdlib", version: go }, ...modules] };
}

// https://cyclonedx.org/docs/1.5/json/
function cycloneDx({ name, version, modules }: GoProgram) {
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: { component: { type: "application", name, version, purl: purl({ name, version }) } },
    components: modules.map((module) => ({
      type: "library",
      "bom-ref": purl(module),
      ...module,
      purl: purl(module),
    })),
  };
}

// https://spdx.github.io/spdx-spec/v2.3/
function spdx({ name, version, modules }: GoProgram) {
  const packages = [{ name, version }, ...modules].map((module, index) => ({
    SPDXID: `SPDXRef-${index}`,
    name: module.name,
    versionInfo: module.version,
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    externalRefs: [
      {
        referenceCategory: "PACKAGE-MANAGER",
        referenceType: "purl",
        referenceLocator: purl(module),
      },
    ],
  }));
  return {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name,
    documentNamespace: `https://github.com/ml-buildpacks/ml-buildpacks/sbom/${sha256(JSON.stringify(packages))}`,
    // The same program has the same document, whenever it was built.
    creationInfo: { created: "1980-01-01T00:00:01Z", creators: ["Tool: ml-buildpacks"] },
    packages,
    relationships: packages.slice(1).map(({ SPDXID }) => ({
      spdxElementId: "SPDXRef-0",
      relationshipType: "DEPENDS_ON",
      relatedSpdxElement: SPDXID,
    })),
  };
}

// https://github.com/anchore/syft/tree/main/schema/json
function syft({ name, version, modules }: GoProgram) {
  return {
    artifacts: [{ name, version }, ...modules].map((module) => ({
      id: sha256(purl(module)).slice(0, 16),
      ...module,
      type: "go-module",
      foundBy: "go version -m",
      locations: [],
      licenses: [],
      language: "go",
      cpes: [],
      purl: purl(module),
    })),
    artifactRelationships: [],
    source: { id: sha256(purl({ name, version })), name, version, type: "file", metadata: {} },
    distro: {},
    descriptor: { name: "ml-buildpacks", version: "" },
    schema: {
      version: "16.0.0",
      url: "https://raw.githubusercontent.com/anchore/syft/main/schema/json/schema-16.0.0.json",
    },
  };
}

// https://github.com/package-url/purl-spec/blob/main/types-doc/golang-definition.md
function purl({ name, version }: GoPackage): string {
  return `pkg:golang/${name}@${version}`;
}
