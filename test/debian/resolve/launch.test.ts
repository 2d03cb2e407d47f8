import { expect, test } from "vitest";
import { type ChosenPackage, findLaunchPackages } from "../../../src/debian/resolve/launch.ts";

/** "name section: needs, one|other" each. */
function launched(requested: string, ...lines: readonly string[]): readonly string[] {
  const packages = lines.map((line): ChosenPackage => {
    const [, name = "", section = "", depends = ""] = /^(\S+) (\S+?)(?:: (.*))?$/.exec(line) ?? [];
    const groups = depends.split(", ").map((group) => group.split("|"));
    return { name, section, depends: groups, provides: name === "mawk" ? ["awk"] : [] };
  });
  return [...findLaunchPackages(packages, requested.split(" "))].sort();
}

test("a program takes all that it needs, headers too, where it is asked for by name", () => {
  expect(
    launched(
      "gcc",
      "gcc devel: cpp, libc6-dev",
      "cpp devel",
      "libc6-dev libdevel: libc6",
      "libc6 libs",
    ),
  ).toEqual(["cpp", "gcc", "libc6", "libc6-dev"]);
});

test("headers take the libraries that they name, with what those need", () => {
  expect(
    launched(
      "libgdal-dev",
      "libgdal-dev libdevel: libgdal36, libtiff-dev, hdf5-helpers",
      "libgdal36 libs: gdal-data",
      "gdal-data science",
      "libtiff-dev libdevel: libtiff6",
      "libtiff6 libs",
      "hdf5-helpers devel: libperl",
      "libperl libs",
    ),
  ).toEqual(["gdal-data", "libgdal36", "libtiff6"]);
});

test("what a program needs stays, although headers name it, too", () => {
  expect(
    launched("tool libtool-dev", "tool utils: maker", "libtool-dev libdevel: maker", "maker devel"),
  ).toEqual(["maker", "tool"]);
});

test("tools of a build stay there, with the compilers that they bring", () => {
  expect(
    launched(
      "build-essential cmake",
      "build-essential devel: gcc",
      "gcc devel",
      "cmake devel: libuv",
      "libuv libs",
    ),
  ).toEqual([]);
});

test("circles, alternatives and provided names are followed", () => {
  expect(
    launched("one", "one utils: two, awk|gawk", "two utils: one", "mawk utils", "other utils"),
  ).toEqual(["mawk", "one", "two"]);
});
