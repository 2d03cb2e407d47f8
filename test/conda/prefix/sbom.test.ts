import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { describe, expect, it } from "vitest";
import { CONDA_LICENSES, licensesOf } from "../../../src/conda/prefix/licenses.ts";
import { componentsOf } from "../../../src/conda/prefix/sbom.ts";
import { cycloneDxFor } from "../../../src/kit/cyclonedx.ts";
import { recordOf } from "./records.ts";

const RECORDS = [
  recordOf("numpy", [], {
    version: "2.2.6",
    build: "py311h_0",
    channel: "https://conda.anaconda.org/conda-forge",
    fn: "numpy-2.2.6-py311h_0.conda",
    sha256: "ab".repeat(32),
    license: "BSD-3-Clause",
  }),
  recordOf("libgcc", [], {
    channel: "https://repo.anaconda.com/pkgs/main",
    fn: "libgcc-1.0-0.tar.bz2",
    license: "GPL-3.0-only WITH GCC-exception-3.1",
  }),
  recordOf("own", [], {
    version: "1!2.0+x",
    channel: "http://127.0.0.1:8000/private",
    license: "Our Terms",
  }),
  recordOf("silent"),
];

describe("the bill of materials", () => {
  it("names packages as scanners look them up", () => {
    expect(componentsOf(RECORDS).map(({ purl }) => purl)).toMatchInlineSnapshot(`
      [
        "pkg:conda/numpy@2.2.6?build=py311h_0&channel=conda-forge&subdir=linux-64&type=conda",
        "pkg:conda/libgcc@1.0?build=0&channel=main&subdir=linux-64&type=tar.bz2",
        "pkg:conda/own@1%212.0%2Bx?build=0&channel=http:%2F%2F127.0.0.1:8000%2Fprivate&subdir=linux-64&type=conda",
        "pkg:conda/silent@1.0?build=0&subdir=linux-64&type=conda",
      ]
    `);
  });

  it("has digests and licences, and is valid as CycloneDX says", async () => {
    const document = cycloneDxFor(componentsOf(RECORDS));
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);

    expect(document).toMatchInlineSnapshot(`
      "{
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "components": [
          {
            "type": "library",
            "bom-ref": "pkg:conda/libgcc@1.0?build=0&channel=main&subdir=linux-64&type=tar.bz2",
            "name": "libgcc",
            "version": "1.0",
            "licenses": [
              {
                "expression": "GPL-3.0-only WITH GCC-exception-3.1"
              }
            ],
            "purl": "pkg:conda/libgcc@1.0?build=0&channel=main&subdir=linux-64&type=tar.bz2"
          },
          {
            "type": "library",
            "bom-ref": "pkg:conda/numpy@2.2.6?build=py311h_0&channel=conda-forge&subdir=linux-64&type=conda",
            "name": "numpy",
            "version": "2.2.6",
            "hashes": [
              {
                "alg": "SHA-256",
                "content": "abababababababababababababababababababababababababababababababab"
              }
            ],
            "licenses": [
              {
                "license": {
                  "id": "BSD-3-Clause"
                }
              }
            ],
            "purl": "pkg:conda/numpy@2.2.6?build=py311h_0&channel=conda-forge&subdir=linux-64&type=conda"
          },
          {
            "type": "library",
            "bom-ref": "pkg:conda/own@1%212.0%2Bx?build=0&channel=http:%2F%2F127.0.0.1:8000%2Fprivate&subdir=linux-64&type=conda",
            "name": "own",
            "version": "1!2.0+x",
            "licenses": [
              {
                "license": {
                  "name": "Our Terms"
                }
              }
            ],
            "purl": "pkg:conda/own@1%212.0%2Bx?build=0&channel=http:%2F%2F127.0.0.1:8000%2Fprivate&subdir=linux-64&type=conda"
          },
          {
            "type": "library",
            "bom-ref": "pkg:conda/silent@1.0?build=0&subdir=linux-64&type=conda",
            "name": "silent",
            "version": "1.0",
            "purl": "pkg:conda/silent@1.0?build=0&subdir=linux-64&type=conda"
          }
        ]
      }
      "
    `);
    expect(await validator.validate(document)).toBeNull();
  });
});

describe("licences", () => {
  it.each([
    ["MIT", { kind: "id", id: "MIT" }],
    [" LGPL-2.1 ", { kind: "id", id: "LGPL-2.1" }],
    ["Apache 2.0", { kind: "id", id: "Apache-2.0" }],
    ["BSD 3-Clause", { kind: "id", id: "BSD-3-Clause" }],
    ["MIT AND (Apache-2.0 OR BSD-3-Clause)", "expression"],
    ["LGPL-2.1-or-later AND GPL-2.0-only WITH Classpath-exception-2.0", "expression"],
    ["GPL-2.0+ OR LicenseRef-Public-Domain", "expression"],
    ["LicenseRef-NVIDIA-End-User-License-Agreement", "expression"],
    ["MIT and PSF-2.0", "name"],
    ["MIT AND", "name"],
    ["MIT WITH Apache-2.0", "name"],
    ["(MIT", "name"],
    ["BSD AND MIT", "name"],
    ["Proprietary", "name"],
  ])("%s", (text, license) => {
    const kind = typeof license === "string" ? license : undefined;
    const expected = kind === undefined ? license : { kind, [kind]: text };

    expect(licensesOf(text)).toEqual([expected]);
  });

  it.each([undefined, null, "", " "])("none of %j", (text) => {
    expect(licensesOf(text)).toEqual([]);
  });

  it("are identifiers that SPDX knows", async () => {
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    const licenses = CONDA_LICENSES.map((id) => ({ kind: "id", id }) as const);
    const component = { name: "a", version: "1", purl: "pkg:conda/a@1", licenses };
    const document = cycloneDxFor([{ ...component, description: undefined, sha256: undefined }]);

    expect(CONDA_LICENSES.length).toBeGreaterThan(50);
    expect(await validator.validate(document)).toBeNull();
  });
});
