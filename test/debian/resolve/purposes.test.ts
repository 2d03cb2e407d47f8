import { expect, test } from "vitest";
import { type ChosenPackage, findPurposes } from "../../../src/debian/resolve/purposes.ts";

/** "name section: needs, one|other" each; gives the names for the image, and for compilers. */
function purposes(requested: string, ...lines: readonly string[]) {
  const packages = lines.map((line): ChosenPackage => {
    const [, name = "", section = "", depends = ""] = /^(\S+) (\S+?)(?:: (.*))?$/.exec(line) ?? [];
    const groups = depends.split(", ").map((group) => group.split("|"));
    return { name, section, depends: groups, provides: name === "mawk" ? ["awk"] : [] };
  });
  const { launch, build } = findPurposes(packages, requested.split(" "));
  return { launch: [...launch].sort().join(" "), build: [...build].sort().join(" ") };
}

test("a program takes all that it needs, headers too, where it is asked for by name", () => {
  expect(
    purposes(
      "gcc",
      "gcc devel: cpp, libc6-dev",
      "cpp devel",
      "libc6-dev libdevel: libc6",
      "libc6 libs",
    ),
  ).toEqual({ launch: "cpp gcc libc6 libc6-dev", build: "cpp gcc libc6 libc6-dev" });
});

test("headers are in the image, too, where an app compiles as it runs", () => {
  const packages = [
    { name: "libpython3-dev", section: "libdevel", depends: [["zlib1g-dev"]], provides: [] },
    { name: "zlib1g-dev", section: "libdevel", depends: [], provides: [] },
  ];

  const { launch } = findPurposes(packages, ["libpython3-dev"], new Set(["libpython3-dev"]));

  expect([...launch]).toEqual(["libpython3-dev", "zlib1g-dev"]);
});

test("headers take the libraries that they name, with what those need", () => {
  expect(
    purposes(
      "libgdal-dev",
      "libgdal-dev libdevel: libgdal36, libtiff-dev, hdf5-helpers",
      "libgdal36 libs: gdal-data",
      "gdal-data science",
      "libtiff-dev libdevel: libtiff6",
      "libtiff6 libs",
      "hdf5-helpers devel: libperl",
      "libperl libs",
    ),
  ).toEqual({
    launch: "gdal-data libgdal36 libtiff6",
    build: "gdal-data hdf5-helpers libgdal-dev libgdal36 libperl libtiff-dev libtiff6",
  });
});

test("what a program needs stays, although headers name it, too", () => {
  expect(
    purposes("tool libtool-dev", "tool utils: maker", "libtool-dev libdevel: maker", "maker devel"),
  ).toEqual({ launch: "maker tool", build: "libtool-dev maker" });
});

test("tools of a build stay there, with the compilers that they bring", () => {
  expect(
    purposes(
      "build-essential cmake",
      "build-essential devel: gcc",
      "gcc devel",
      "cmake devel: libuv",
      "libuv libs",
    ),
  ).toEqual({ launch: "", build: "build-essential cmake gcc libuv" });
});

test("circles, alternatives and provided names are followed", () => {
  expect(
    purposes("one", "one utils: two, awk|gawk", "two utils: one", "mawk utils", "other utils"),
  ).toEqual({ launch: "mawk one two", build: "" });
});
