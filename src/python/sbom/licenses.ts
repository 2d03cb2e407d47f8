import type { License } from "../../kit/cyclonedx.ts";
import { headerOf, type MetadataHeaders } from "./metadata-headers.ts";

/**
 * What a distribution says of its licence, from the exact to the vague: License-Expression
 * (PEP 639), then its classifiers, then the first line of License if it is a name and not the
 * licence's text.
 */
export function readLicenses(headers: MetadataHeaders): readonly License[] {
  const expression = headerOf(headers, "license-expression");
  if (expression !== undefined) return [{ kind: "expression", expression }];

  const classified = (headers.get("classifier") ?? [])
    .filter((classifier) => classifier.startsWith(CLASSIFIER))
    .flatMap((classifier) => licenseOfClassifier(classifier.slice(CLASSIFIER.length)));
  const named = licenseOfText(headerOf(headers, "license"));
  // "BSD License" is said of three licences, and the field may well say which.
  const isVague = classified.every(({ kind }) => kind === "name");
  const licenses = isVague && named !== undefined ? [named] : classified;
  return [...new Map(licenses.map((license) => [JSON.stringify(license), license])).values()];
}

const CLASSIFIER = "License :: ";
/** Characters; a longer line is a sentence of a licence's text. */
const LONGEST_NAME = 60;

function licenseOfClassifier(classifier: string): readonly License[] {
  const name = classifier.split(" :: ").at(-1) ?? "";
  // The group itself says nothing, and "Other/Proprietary License" too little to be an identifier.
  if (name === "OSI Approved" || name === "") return [];
  const id = CLASSIFIERS[name];
  return [id === undefined ? { kind: "name", name } : { kind: "id", id }];
}

/** A text of several lines is the licence itself; its first line may be its title. */
function licenseOfText(text: string | undefined): License | undefined {
  const [first = "", ...more] = (text ?? "").split("\n");
  const name = first.trim();
  const id = NAMES.get(simplified(name));
  if (id !== undefined) return { kind: "id", id };
  if (name === "" || name.length > LONGEST_NAME || more.length > 0) return undefined;
  // Written before there was a header for expressions.
  const isExpression = name.split(/ (?:AND|OR) /).every((part) => KNOWN_LICENSES.includes(part));
  return isExpression ? { kind: "expression", expression: name } : { kind: "name", name };
}

/** Those of https://pypi.org/classifiers/ that mean one licence of https://spdx.org/licenses/ */
const CLASSIFIERS: { readonly [name: string]: string | undefined } = {
  "Apache Software License": "Apache-2.0",
  "Boost Software License 1.0 (BSL-1.0)": "BSL-1.0",
  "CC0 1.0 Universal (CC0 1.0) Public Domain Dedication": "CC0-1.0",
  "CMU License (MIT-CMU)": "MIT-CMU",
  "Eclipse Public License 1.0 (EPL-1.0)": "EPL-1.0",
  "Eclipse Public License 2.0 (EPL-2.0)": "EPL-2.0",
  "European Union Public Licence 1.1 (EUPL 1.1)": "EUPL-1.1",
  "European Union Public Licence 1.2 (EUPL 1.2)": "EUPL-1.2",
  "GNU Affero General Public License v3": "AGPL-3.0-only",
  "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
  "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
  "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
  "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
  "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
  "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
  "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
  "Historical Permission Notice and Disclaimer (HPND)": "HPND",
  "ISC License (ISCL)": "ISC",
  "MIT License": "MIT",
  "MIT No Attribution License (MIT-0)": "MIT-0",
  "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
  "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
  "Python Software Foundation License": "PSF-2.0",
  "The Unlicense (Unlicense)": "Unlicense",
  "Universal Permissive License (UPL)": "UPL-1.0",
  "University of Illinois/NCSA Open Source License": "NCSA",
  "Zero-Clause BSD (0BSD)": "0BSD",
  "zlib/libpng License": "Zlib",
};

/** As people write them in the License field. */
const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "0BSD": ["0BSD"],
    "AGPL-3.0-only": ["AGPL-3.0-only"],
    "AGPL-3.0-or-later": ["AGPL-3.0-or-later"],
    "Apache-2.0": [
      "Apache-2.0",
      "Apache 2",
      "Apache 2.0",
      "Apache 2.0 License",
      "Apache License 2.0",
      "Apache License, Version 2.0",
      "Apache License Version 2.0",
      "Apache Software License 2.0",
      "Apache v2",
      "ALv2",
    ],
    "BSD-2-Clause": ["BSD-2-Clause", "BSD 2-Clause", "BSD 2-Clause License", "Simplified BSD"],
    "BSD-3-Clause": [
      "BSD-3-Clause",
      "BSD 3-Clause",
      "BSD 3-Clause License",
      "BSD 3 Clause",
      "3-Clause BSD License",
      "3-Clause BSD",
      "New BSD",
      "New BSD License",
      "Modified BSD",
      "Modified BSD License",
    ],
    "BSL-1.0": ["BSL-1.0"],
    "CC0-1.0": ["CC0-1.0"],
    "GPL-2.0-only": ["GPL-2.0-only", "GPLv2"],
    "GPL-2.0-or-later": ["GPL-2.0-or-later", "GPLv2+"],
    "GPL-3.0-only": ["GPL-3.0-only", "GPLv3"],
    "GPL-3.0-or-later": ["GPL-3.0-or-later", "GPLv3+"],
    HPND: ["HPND"],
    ISC: ["ISC", "ISC License"],
    "LGPL-2.1-only": ["LGPL-2.1-only", "LGPLv2.1"],
    "LGPL-2.1-or-later": ["LGPL-2.1-or-later", "LGPLv2.1+"],
    "LGPL-3.0-only": ["LGPL-3.0-only", "LGPLv3"],
    "LGPL-3.0-or-later": ["LGPL-3.0-or-later", "LGPLv3+"],
    MIT: ["MIT", "MIT License", "The MIT License", "The MIT License (MIT)", "Expat"],
    "MIT-CMU": ["MIT-CMU"],
    "MPL-2.0": ["MPL-2.0", "MPL 2.0", "MPLv2", "Mozilla Public License 2.0"],
    "PSF-2.0": ["PSF-2.0", "PSF", "Python Software Foundation License"],
    Unlicense: ["Unlicense", "The Unlicense"],
    Zlib: ["Zlib", "zlib License"],
    "ZPL-2.1": ["ZPL-2.1", "ZPL 2.1"],
  }).flatMap(([id, names]) => names.map((name) => [simplified(name), id] as const)),
);

/** Every identifier that can come out, for the test that holds them against SPDX's list. */
export const KNOWN_LICENSES: readonly string[] = [
  ...new Set([...Object.values(CLASSIFIERS).filter((id) => id !== undefined), ...NAMES.values()]),
];

function simplified(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[\s,]+/g, " ")
    .trim();
}
