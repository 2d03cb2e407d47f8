import { describe, expect, it } from "vitest";
import { outsideOf, packagesIn } from "../../../src/python/environment/footprint.ts";

describe("what a distribution's files add to the import system", () => {
  it.each([
    ["a regular package", ["numpy/__init__.py", "numpy/core/x.py"], ["numpy"]],
    ["a module", ["six.py", "six-1.dist-info/METADATA"], ["six"]],
    ["an extension", ["_cffi_backend.cpython-313-x86_64-linux-gnu.so"], ["_cffi_backend"]],
    ["an extension for many Pythons", ["a/_b.abi3.so", "a/__init__.py", "_c.abi3.so"], ["_c", "a"]],
    [
      "regular packages in a namespace",
      ["google/cloud/storage/__init__.py", "google/cloud/storage/blob.py"],
      ["google/cloud/storage"],
    ],
    ["a module in a namespace", ["google/api.py"], ["google/api"]],
    ["a tree of files", ["share_data/a/b.txt", "share_data/c/d.txt"], ["share_data/"]],
    ["NVIDIA's tree, once", ["nvidia/a/lib/libx.so", "nvidia/b/__init__.py"], ["nvidia/"]],
    ["NVIDIA's tree as a package", ["nvidia/__init__.py", "nvidia/a/x.so"], ["nvidia"]],
    ["no libraries, metadata or scripts", ["x.libs/liby.so", "x-1.data/z", "../../../bin/x"], []],
    ["no accidental top levels", ["tests/__init__.py", "docs/conf.py", "x/__init__.py"], ["x"]],
    ["no files that are not modules", ["LICENSE", "x.pth", "x.pyi"], []],
  ])("%s", (_what, paths, packages) => {
    expect(packagesIn(paths)).toEqual(packages);
  });
});

describe("files outside site-packages", () => {
  it("are named one by one, or by the directory where they are many or deep", () => {
    const site = "lib/python3.13/site-packages";

    expect(
      outsideOf(
        [
          `${site}/plotly/__init__.py`,
          "bin/plotly",
          "share/jupyter/labextensions/plotly/static/a/1.js",
          "share/jupyter/labextensions/plotly/static/a/2.js",
          ...Array.from({ length: 9 }, (_, index) => `share/jupyter/lab/static/${index}.js`),
          "share/man/man1/plotly.1",
          "lib/libmkl.so",
        ],
        site,
      ),
    ).toEqual([
      "bin/plotly",
      "lib/libmkl.so",
      "share/jupyter/lab/static",
      "share/jupyter/labextensions/plotly/static/a",
      "share/man/man1/plotly.1",
    ]);
  });
});
