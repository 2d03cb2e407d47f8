import { expect, it } from "vitest";
import type { PackageIndex } from "../../src/debian/package-index.ts";
import { componentsOf } from "../../src/debian/sbom.ts";

const INDEX: PackageIndex = {
  name: "libstdc++6",
  version: "1:14.2.0-19",
  arch: "amd64",
  sha256: "abc",
  entries: [],
  alternatives: [],
  diversions: [],
  replaces: [],
  notDone: [],
  licenses: ["GPL-3+"],
  source: "gcc-14",
};

it("names packages as scanners look them up", () => {
  expect(componentsOf([INDEX], { name: "debian", version: "13" })).toEqual([
    {
      name: "libstdc++6",
      version: "1:14.2.0-19",
      purl: "pkg:deb/debian/libstdc%2B%2B6@1%3A14.2.0-19?arch=amd64&distro=debian-13&upstream=gcc-14",
      description: undefined,
      sha256: "abc",
      licenses: [{ kind: "name", name: "GPL-3+" }],
    },
  ]);
});
