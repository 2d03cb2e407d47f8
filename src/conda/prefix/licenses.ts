import type { License } from "../../kit/cyclonedx.ts";
import { KNOWN_LICENSES, readLicenses } from "../../python/sbom/licenses.ts";

/**
 * What a package's record says of its licence. conda-forge demands an SPDX expression, other
 * channels and older packages have names of their own.
 * https://conda-forge.org/docs/maintainer/adding_pkgs/#spdx-identifiers-and-expressions
 */
export function licensesOf(license: string | null | undefined): readonly License[] {
  const text = (license ?? "").trim();
  if (text === "") return [];
  if (KNOWN.has(text)) return [{ kind: "id", id: text }];
  if (isExpression(text)) return [{ kind: "expression", expression: text }];
  // As people write them: "Apache 2.0", "BSD 3-Clause".
  const [named] = readLicenses(new Map([["license", [text]]]));
  return named?.kind === "id" ? [named] : [{ kind: "name", name: text }];
}

/** https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/ */
function isExpression(text: string): boolean {
  const words = text.replaceAll(/[()]/g, " ").trim().split(/\s+/);
  const isBalanced = text.split("(").length === text.split(")").length;
  return isBalanced && words.length % 2 === 1 && words.every(isWord);
}

function isWord(word: string, index: number, words: readonly string[]): boolean {
  if (index % 2 === 1) return word === "AND" || word === "OR" || word === "WITH";
  if (words[index - 1] === "WITH") return EXCEPTIONS.has(word);
  // "GPL-2.0+" is an older form of "or later".
  return KNOWN.has(word.replace(/\+$/, "")) || /^LicenseRef-[A-Za-z0-9.-]+$/.test(word);
}

/** Of https://spdx.org/licenses/, what conda-forge's packages have besides those of PyPI's. */
export const CONDA_LICENSES: readonly string[] = [
  ...["Artistic-2.0", "BSD-1-Clause", "BSD-3-Clause-Attribution", "BSD-4-Clause", "CC-BY-4.0"],
  ...["CC-BY-SA-4.0", "CDDL-1.0", "CECILL-2.1", "EPL-1.0", "EPL-2.0", "FSFAP", "FTL"],
  ...[
    "GFDL-1.3-or-later",
    "GPL-1.0-or-later",
    "HDF5",
    "HPND-sell-variant",
    "ICU",
    "IJG",
    "JasPer-2.0",
  ],
  ...[
    "LGPL-2.0-only",
    "LGPL-2.0-or-later",
    "LPPL-1.3c",
    "Libpng",
    "MIT-0",
    "MIT-open-group",
    "MPL-1.1",
  ],
  ...["NAIST-2003", "NCSA", "OFL-1.1", "OLDAP-2.8", "OpenSSL", "PostgreSQL", "Python-2.0", "Ruby"],
  ...[
    "SISSL",
    "TCL",
    "TCP-wrappers",
    "UPL-1.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Vim",
    "W3C",
    "WTFPL",
  ],
  ...["X11", "XFree86-1.1", "Zend-2.0", "blessing", "bzip2-1.0.6", "curl", "libpng-2.0", "libtiff"],
  ...["zlib-acknowledgement"],
  // Without "only" or "or later", as they were written before 2018.
  ...["AGPL-3.0", "GPL-1.0", "GPL-2.0", "GPL-3.0", "LGPL-2.0", "LGPL-2.1", "LGPL-3.0"],
];

const KNOWN: ReadonlySet<string> = new Set([...KNOWN_LICENSES, ...CONDA_LICENSES]);

/** https://spdx.org/licenses/exceptions-index.html */
const EXCEPTIONS: ReadonlySet<string> = new Set([
  ...["Autoconf-exception-2.0", "Autoconf-exception-3.0", "Bison-exception-2.2"],
  ...["Classpath-exception-2.0", "Font-exception-2.0", "GCC-exception-2.0", "GCC-exception-3.1"],
  ...[
    "LLVM-exception",
    "Linux-syscall-note",
    "OCaml-LGPL-linking-exception",
    "OpenJDK-assembly-exception-1.0",
  ],
  ...["Qt-GPL-exception-1.0", "Qt-LGPL-exception-1.1", "WxWindows-exception-3.1"],
]);
