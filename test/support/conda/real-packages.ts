import { join } from "node:path";
import { type MadeCondaPackage, PLACEHOLDER } from "../../../scripts/lib/conda/channel.ts";
import { interpreterPackages } from "../../../scripts/lib/conda/python-package.ts";
import { smallPackages } from "./small-packages.ts";

const PYTHONS = ["3.11", "3.13"] as const;
type PythonVersion = (typeof PYTHONS)[number];

/** What the channel has: programs of the trees that make-real-packages.sh makes, and small ones. */
export function realPackages(trees: string, subdir: string): readonly MadeCondaPackage[] {
  const pythons = PYTHONS.flatMap((version) => [
    ...interpreterPackages(join(trees, `python-${version}`), version),
    heavyPackage(trees, version),
  ]);
  const compiled = [...pythons, ...libraries(trees)].map((made) => ({ ...made, subdir }));
  return [...compiled, ...pythonPackages(), ...smallPackages(subdir)];
}

function libraries(trees: string): readonly MadeCondaPackage[] {
  const foo = (version: string): MadeCondaPackage => ({
    ...{ name: "libfoo", version, license: "Zlib", tree: join(trees, `libfoo-${version}`) },
    depends: ["__glibc >=2.17,<3.0.a0"],
  });
  const heavy = (version: string): MadeCondaPackage => ({
    ...{ name: "libheavy", version, license: "Apache-2.0" },
    ...{ depends: ["libbar >=1.0,<2"], tree: join(trees, `libheavy-${version}`) },
  });
  return [
    foo("1.2"),
    foo("1.3"),
    { name: "libbar", depends: ["libfoo >=1.2,<2"], tree: join(trees, "libbar") },
    heavy("1.0"),
    heavy("1.1"),
  ];
}

function heavyPackage(trees: string, minor: PythonVersion): MadeCondaPackage {
  const sitePackages = `lib/python${minor}/site-packages`;
  return {
    ...{ name: "heavypkg", build: `py${undotted(minor)}_0`, license: "BSD-3-Clause" },
    depends: [
      "libheavy >=1.0,<2",
      `python >=${minor},<3.${Number(minor.slice(2)) + 1}.0a0`,
      `python_abi ${minor}.* *_cp${undotted(minor)}`,
    ],
    tree: join(trees, `heavypkg-${minor}`),
    files: {
      [`${sitePackages}/heavypkg/__init__.py`]: `import os
from heavypkg._native import sum

weights = os.path.join(os.path.dirname(__file__), "weights.bin")


def main():
    print("heavy", sum(), os.path.getsize(weights))
`,
      ...distInfo(sitePackages, "heavypkg", "1.0"),
      "bin/heavypkg": `#!${PLACEHOLDER}/bin/python${minor}
import sys

from heavypkg import main

sys.exit(main())
`,
    },
  };
}

/** noarch packages: https://github.com/conda/ceps/blob/main/cep-0020.md */
function pythonPackages(): readonly MadeCondaPackage[] {
  const pure = (version: string): MadeCondaPackage => ({
    ...{ name: "purelib", version, build: "pyhd8ed1ab_0", noarch: "python" },
    depends: ["python >=3.9"],
    entryPoints: ["purelib = purelib.cli:main"],
    files: {
      "site-packages/purelib/__init__.py": `__version__ = "${version}"\n`,
      "site-packages/purelib/cli.py": `import sys

import purelib


def main():
    print("purelib", purelib.__version__, "in", sys.prefix)
`,
      ...distInfo("site-packages", "purelib", version),
    },
  });
  return [
    pure("1.0"),
    pure("1.1"),
    module("pip", "25.0", "def main():\n    raise SystemExit('a stand-in')\n"),
    // PyPI has it, too.
    module("humanize", "4.9.0", 'origin = "conda"\n'),
    {
      ...module("tinyserver", "1.0", SERVER),
      depends: ["python >=3.9", "heavypkg", "purelib >=1.0"],
      entryPoints: ["tinyserver = tinyserver:main"],
    },
  ];
}

function module(name: string, version: string, source: string): MadeCondaPackage {
  return {
    ...{ name, version, build: "pyhd8ed1ab_0", noarch: "python", depends: ["python >=3.9"] },
    files: {
      [`site-packages/${name}/__init__.py`]: source,
      ...distInfo("site-packages", name, version),
    },
  };
}

const SERVER = `import http.server
import json
import os
import sys

import heavypkg
import purelib


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        found = self.path == "/health"
        state = {"heavy": heavypkg.sum(), "purelib": purelib.__version__, "prefix": sys.prefix}
        self.send_response(200 if found else 404)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(state if found else {}).encode())


def main():
    address = ("0.0.0.0", int(os.environ.get("PORT", "8080")))
    http.server.ThreadingHTTPServer(address, Handler).serve_forever()
`;

/** As conda-build leaves it, so that pip and importlib.metadata know the package. */
function distInfo(
  sitePackages: string,
  name: string,
  version: string,
): Readonly<Record<string, string>> {
  const directory = `${sitePackages}/${name}-${version}.dist-info`;
  return {
    [`${directory}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    [`${directory}/INSTALLER`]: "conda\n",
    [`${directory}/RECORD`]: `${name}/__init__.py,,\n`,
  };
}

/** "3.11" → "311" */
function undotted(minor: string): string {
  return minor.replace(".", "");
}
