import { compareTexts } from "./text.ts";

/** Something that is installed, for a bill of materials. */
export interface Component {
  /** As it writes its name itself. */
  readonly name: string;
  readonly version: string;
  /** https://github.com/package-url/purl-spec */
  readonly purl: string;
  readonly description: string | undefined;
  /** SHA-256 of the file that was installed, where it is known. */
  readonly sha256: string | undefined;
  readonly licenses: readonly License[];
}

/** An SPDX expression, an SPDX identifier, or a name that SPDX doesn't know. */
export type License =
  | { readonly kind: "expression"; readonly expression: string }
  | { readonly kind: "id"; readonly id: string }
  | { readonly kind: "name"; readonly name: string };

/**
 * A bill of materials as CycloneDX 1.6 JSON, see https://cyclonedx.org/docs/1.6/json/. Without a
 * serial number and a time, so that equal components give equal bytes.
 */
export function cycloneDxFor(components: readonly Component[]): string {
  // An image may hold a distribution in one place only, but references must be unique in any case.
  const byPurl = new Map(components.map((component) => [component.purl, component]));
  const sorted = [...byPurl.values()].sort((a, b) => compareTexts(a.purl, b.purl));
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
