import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Lock } from "../../../src/python/lock.ts";
import { KNOWN_LICENSES } from "../../../src/python/sbom/licenses.ts";
import { readComponents } from "../../../src/python/sbom/components.ts";
import { cycloneDxFor } from "../../../src/kit/cyclonedx.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const DIGEST = "ab".repeat(32);

const LOCK: Lock = [
  { from: "wheel", name: "torch", version: "2.11.0+cpu", sha256: DIGEST },
  { from: "sdist", name: "old-style", version: "0.9", sha256: "cd".repeat(32) },
  { from: "git", name: "demo", url: "https://github.com/o/demo", commit: "c0ffee" },
];

async function installed(): Promise<readonly [environment: string, heavy: string]> {
  const root = await temporaryDirectory();
  const [environment, heavy] = [join(root, "environment"), join(root, "heavy")];
  await writeFiles(environment, {
    "demo-1.0.dist-info/METADATA":
      "Name: demo\nVersion: 1.0\nLicense-Expression: MIT OR (Apache-2.0 AND BSD-3-Clause)\n",
    "Old_Style-0.9.dist-info/METADATA":
      "Name: Old_Style\nVersion: 0.9\nSummary: An old one\nLicense: My Terms\n",
    "without_metadata-0.1.dist-info/RECORD": "",
    "demo/__init__.py": "",
  });
  await writeFiles(heavy, {
    "torch-2.11.0+cpu.dist-info/METADATA":
      "Name: torch\nVersion: 2.11.0+cpu\nClassifier: License :: OSI Approved :: Apache Software License\nClassifier: License :: Other/Proprietary License\n",
  });
  return [environment, heavy];
}

describe("cycloneDxFor", () => {
  it("lists what is installed", async () => {
    const document = cycloneDxFor(await readComponents(await installed(), LOCK));

    expect(document).toMatchInlineSnapshot(`
      "{
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "components": [
          {
            "type": "library",
            "bom-ref": "pkg:pypi/demo@1.0?vcs_url=git%2Bhttps://github.com/o/demo%40c0ffee",
            "name": "demo",
            "version": "1.0",
            "licenses": [
              {
                "expression": "MIT OR (Apache-2.0 AND BSD-3-Clause)"
              }
            ],
            "purl": "pkg:pypi/demo@1.0?vcs_url=git%2Bhttps://github.com/o/demo%40c0ffee"
          },
          {
            "type": "library",
            "bom-ref": "pkg:pypi/old-style@0.9",
            "name": "Old_Style",
            "version": "0.9",
            "description": "An old one",
            "licenses": [
              {
                "license": {
                  "name": "My Terms"
                }
              }
            ],
            "purl": "pkg:pypi/old-style@0.9"
          },
          {
            "type": "library",
            "bom-ref": "pkg:pypi/torch@2.11.0%2Bcpu",
            "name": "torch",
            "version": "2.11.0+cpu",
            "hashes": [
              {
                "alg": "SHA-256",
                "content": "abababababababababababababababababababababababababababababababab"
              }
            ],
            "licenses": [
              {
                "license": {
                  "id": "Apache-2.0"
                }
              },
              {
                "license": {
                  "name": "Other/Proprietary License"
                }
              }
            ],
            "purl": "pkg:pypi/torch@2.11.0%2Bcpu"
          },
          {
            "type": "library",
            "bom-ref": "pkg:pypi/without-metadata@0.1",
            "name": "without_metadata",
            "version": "0.1",
            "purl": "pkg:pypi/without-metadata@0.1"
          }
        ]
      }
      "
    `);
  });

  it("is valid as CycloneDX says", async () => {
    const document = cycloneDxFor(await readComponents(await installed(), LOCK));
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);

    expect(await validator.validate(document)).toBeNull();
    expect(await validator.validate(document.replace('"library"', '"book"'))).not.toBeNull();
  });

  it("has only licence identifiers that SPDX knows", async () => {
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    const licenses = KNOWN_LICENSES.map((id) => ({ kind: "id", id }) as const);
    const component = { name: "a", version: "1", purl: "pkg:pypi/a@1", licenses };

    const document = cycloneDxFor([{ ...component, description: undefined, sha256: undefined }]);

    expect(KNOWN_LICENSES.length).toBeGreaterThan(30);
    expect(await validator.validate(document)).toBeNull();
  });

  it("does not depend on the order of directories", async () => {
    const directories = await installed();
    const backwards = directories.toReversed();

    const documents = await Promise.all(
      [directories, backwards].map(async (order) =>
        cycloneDxFor(await readComponents(order, LOCK)),
      ),
    );

    expect(documents[0]).toBe(documents[1]);
  });

  it("is valid without components", async () => {
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);

    expect(await validator.validate(cycloneDxFor([]))).toBeNull();
  });
});
