import { describe, expect, it } from "vitest";
import { readLicenses } from "../../../src/python/sbom/licenses.ts";
import { parseMetadataHeaders } from "../../../src/python/sbom/metadata-headers.ts";

const MIT = "Classifier: License :: OSI Approved :: MIT License";
const APACHE = "Classifier: License :: OSI Approved :: Apache Software License";
const BSD = "Classifier: License :: OSI Approved :: BSD License";

describe("readLicenses", () => {
  it.each([
    ["nothing", [], []],
    [
      "an expression, before all else",
      ["License-Expression: MIT OR Apache-2.0", "License: BSD", BSD],
      [{ kind: "expression", expression: "MIT OR Apache-2.0" }],
    ],
    ["a classifier", [MIT], [{ kind: "id", id: "MIT" }]],
    [
      "two classifiers",
      [MIT, APACHE],
      [
        { kind: "id", id: "MIT" },
        { kind: "id", id: "Apache-2.0" },
      ],
    ],
    ["a classifier twice", [MIT, MIT], [{ kind: "id", id: "MIT" }]],
    ["a classifier and a field", [MIT, "License: MIT License"], [{ kind: "id", id: "MIT" }]],
    ["a vague classifier", [BSD], [{ kind: "name", name: "BSD License" }]],
    [
      "a vague classifier and an exact field",
      [BSD, "License: BSD 3-Clause"],
      [{ kind: "id", id: "BSD-3-Clause" }],
    ],
    [
      "a classifier that names no licence",
      ["Classifier: License :: OSI Approved", "License: Apache License, Version 2.0"],
      [{ kind: "id", id: "Apache-2.0" }],
    ],
    [
      "a field that SPDX does not know",
      ["License: Custom Terms"],
      [{ kind: "name", name: "Custom Terms" }],
    ],
    [
      "a licence's whole text, whose first line is its name",
      ["License: MIT License", "        ", "        Copyright (c) 2020"],
      [{ kind: "id", id: "MIT" }],
    ],
    [
      "a licence's text without its name",
      [
        "License: Permission is hereby granted, free of charge, to any person obtaining a copy of this software",
      ],
      [],
    ],
    [
      "a licence's whole text with another beginning, and a classifier",
      ["License: Copyright (c) 2015, somebody", "        All rights reserved", BSD],
      [{ kind: "name", name: "BSD License" }],
    ],
    [
      "an expression in the older field",
      ["License: MPL-2.0 AND MIT"],
      [{ kind: "expression", expression: "MPL-2.0 AND MIT" }],
    ],
    ["UNKNOWN", ["License: UNKNOWN"], []],
    [
      "a proprietary one",
      ["Classifier: License :: Other/Proprietary License"],
      [{ kind: "name", name: "Other/Proprietary License" }],
    ],
  ])("%s", (_, lines, expected) => {
    expect(readLicenses(parseMetadataHeaders(lines.join("\n")))).toEqual(expected);
  });
});
