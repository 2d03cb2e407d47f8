import type { Component } from "./components.ts";
import type { License } from "./licenses.ts";

/**
 * A bill of materials as CycloneDX 1.6 JSON, see https://cyclonedx.org/docs/1.6/json/. Without a
 * serial number and a time, so that equal components give equal bytes.
 */
export function cycloneDxFor(components: readonly Component[]): string {
  // An image may hold a distribution in one place only, but references must be unique in any case.
  const byPurl = new Map(components.map((component) => [component.purl, component]));
  const sorted = [...byPurl.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
  const document = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    components: sorted.map(componentFor),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function componentFor({ name, version, purl, description, sha256, licenses }: Component): object {
  return {
    type: "library",
    "bom-ref": purl,
    name,
    version,
    ...(description === undefined ? {} : { description }),
    ...(sha256 === undefined ? {} : { hashes: [{ alg: "SHA-256", content: sha256 }] }),
    ...(licenses.length === 0 ? {} : { licenses: licenses.map(licenseFor) }),
    purl,
  };
}

function licenseFor(license: License): object {
  switch (license.kind) {
    case "expression":
      return { expression: license.expression };
    case "id":
      return { license: { id: license.id } };
    case "name":
      return { license: { name: license.name } };
  }
}
