import { expect, it } from "vitest";
import {
  isPackageRecord,
  readInstalledPackages,
} from "../../../scripts/image-map/installed-packages.ts";

it("reads Python distributions, those within another one last", () => {
  const site = "app/venv/lib/python3.13/site-packages";
  const records = new Map([
    [`${site}/setuptools/_vendor/wheel-0.46.3.dist-info/RECORD`, "wheel/cli.py,,\n"],
    [`${site}/Flask_Login-0.6.3.dist-info/RECORD`, '"flask_login/a,b.py",,\n../../../bin/fl,,\n'],
  ]);
  expect(readInstalledPackages(records)).toEqual([
    {
      ...{ manager: "python", name: "flask-login", version: "0.6.3" },
      paths: [
        `${site}/flask_login/a,b.py`,
        "app/venv/bin/fl",
        `${site}/Flask_Login-0.6.3.dist-info/RECORD`,
      ],
    },
    expect.objectContaining({ name: "wheel", version: "0.46.3" }),
  ]);
});

it("reads Debian's packages, of dpkg and of images without it", () => {
  const records = new Map([
    [
      "var/lib/dpkg/status",
      "Package: libc6\nVersion: 2.41-12\n\nPackage: tzdata\nVersion: 2026a\n",
    ],
    ["var/lib/dpkg/info/libc6:amd64.list", "/.\n/lib\n/lib/libc.so.6\n"],
    ["var/lib/dpkg/status.d/base", "Package: base-files\nVersion: 13.8\n"],
    ["var/lib/dpkg/status.d/base-files.md5sums", `${"0a".repeat(16)}  etc/issue\n`],
  ]);
  expect(readInstalledPackages(records)).toEqual([
    {
      ...{ manager: "debian", name: "libc6", version: "2.41-12" },
      paths: [".", "lib", "lib/libc.so.6", "var/lib/dpkg/info/libc6:amd64.list"],
    },
    {
      ...{ manager: "debian", name: "base-files", version: "13.8" },
      paths: ["etc/issue", "var/lib/dpkg/status.d/base-files.md5sums"],
    },
  ]);
});

it("reads conda's packages, and nothing else that is in their directory", () => {
  const record = {
    ...{ name: "mkl", version: "2025.3", build: "h1_0", subdir: "linux-64" },
    paths_data: { paths_version: 1, paths: [{ _path: "lib/libmkl_core.so.2" }] },
  };
  const records = new Map([
    ["opt/env/conda-meta/mkl-2025.3-h1_0.json", JSON.stringify(record)],
    ["opt/env/conda-meta/other.json", "{ not JSON"],
  ]);
  expect(readInstalledPackages(records)).toEqual([
    {
      ...{ manager: "conda", name: "mkl", version: "2025.3" },
      paths: ["opt/env/lib/libmkl_core.so.2", "opt/env/conda-meta/mkl-2025.3-h1_0.json"],
    },
  ]);
});

it.each([
  ["var/lib/dpkg/status", true],
  ["var/lib/dpkg/info/libc6:amd64.md5sums", false],
  ["srv/var/lib/dpkg/status", false],
  ["usr/lib/python3/dist-packages/six-1.17.0.dist-info/METADATA", false],
])("takes %s for a record: %s", (path, expected) => {
  expect(isPackageRecord(path)).toBe(expected);
});
