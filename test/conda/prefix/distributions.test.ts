import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readDistributions } from "../../../src/conda/prefix/distributions.ts";
import { findPython } from "../../../src/conda/prefix/python.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { makeTree, recordOf } from "./records.ts";

describe("the Python distributions of a prefix", () => {
  it("are what their metadata say, or else their directories' names", async () => {
    const site = await temporaryDirectory();
    await makeTree(site, {
      "torch-2.5.1.dist-info/METADATA": "Name: torch\nVersion: 2.5.1.post8\n",
      "Ruamel.YAML-0.18.dist-info/METADATA": "Name: ruamel.yaml\nVersion: 0.18.6\n",
      "no_metadata-1.2.dist-info/RECORD": "",
      "pip_-1.dist-info/METADATA": "Version: 1\n",
      "old_egg-0.9-py3.11.egg-info": "Metadata-Version: 1.0\nName: Old-Egg\nVersion: 0.9.1\n",
      "six-1.16.0-py3.11.egg-info/PKG-INFO": "Name: six\nVersion: 1.16.0\n",
      "bare-2.0-py3.11.egg-info/top_level.txt": "bare\n",
      "unversioned.egg-info/PKG-INFO": "Name: unversioned\n",
      "numpy/__init__.py": "",
    });

    expect(await readDistributions(site)).toEqual({
      bare: "2.0",
      "no-metadata": "1.2",
      "old-egg": "0.9.1",
      "pip-": "1",
      "ruamel-yaml": "0.18.6",
      six: "1.16.0",
      torch: "2.5.1.post8",
    });
  });

  it("are none without site-packages", async () => {
    expect(await readDistributions(join(await temporaryDirectory(), "none"))).toEqual({});
  });
});

describe("the Python of a prefix", () => {
  it("is where CPython puts it", () => {
    const records = [recordOf("zlib"), recordOf("python", [], { version: "3.13.5" })];

    expect(findPython("/p", records)).toEqual({
      interpreter: {
        path: "/p/bin/python3.13",
        version: "3.13.5",
        minor: "3.13",
        recreate: undefined,
      },
      library: "lib/python3.13",
      sitePackages: "lib/python3.13/site-packages",
    });
  });

  it("has its packages where its record says", () => {
    const python = recordOf("python", [], {
      version: "3.13.5",
      python_site_packages_path: "lib/python3.13t/site-packages",
    });

    expect(findPython("/p", [python])).toMatchObject({
      library: "lib/python3.13t",
      sitePackages: "lib/python3.13t/site-packages",
    });
  });

  it("is none where no package is Python", () => {
    expect(findPython("/p", [recordOf("r-base")])).toBeUndefined();
  });
});
