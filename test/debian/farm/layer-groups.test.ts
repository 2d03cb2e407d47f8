import { expect, test } from "vitest";
import { groupForLayers } from "../../../src/debian/farm/layer-groups.ts";
import type { PackageIndex } from "../../../src/debian/package-index.ts";
import { fileEntry, packageIndex } from "../packages.ts";

const MB = 1_000_000;

test("a package of more than 10 MB has a layer of its own", () => {
  const indexes = [
    packageIndex("libicu76", [fileEntry("usr/lib/x86_64-linux-gnu/libicudata.so.76", 11 * MB)]),
    packageIndex("libfoo1", [fileEntry("usr/lib/x86_64-linux-gnu/libfoo.so.1", 9 * MB)]),
    packageIndex("libbar1", [fileEntry("usr/lib/x86_64-linux-gnu/libbar.so.1", 9 * MB)]),
  ];
  expect(groups(indexes)).toEqual({ libicu76: ["libicu76"] });
});

test.each([
  ["usr/lib/libreoffice/program/a", "usr/lib/libreoffice/share/b"],
  ["usr/lib/jvm/java-21-openjdk-amd64/bin/java", "usr/lib/jvm/java-21-openjdk-amd64/lib/b"],
  ["usr/lib/x86_64-linux-gnu/openblas-pthread/a", "usr/lib/x86_64-linux-gnu/openblas-pthread/b"],
  ["usr/share/texlive/texmf-dist/a", "usr/share/texlive/b"],
  ["opt/vendor/bin/a", "opt/vendor/lib/b"],
])("packages that share a private directory stay together: %s, %s", (one, other) => {
  const indexes = [
    packageIndex("big", [fileEntry(one, 8 * MB)]),
    packageIndex("bigger", [fileEntry(other, 9 * MB)]),
  ];
  expect(groups(indexes)).toEqual({ bigger: ["big", "bigger"] });
});

test.each([
  ["usr/lib/x86_64-linux-gnu/a.so", "usr/lib/x86_64-linux-gnu/b.so"],
  ["usr/lib/x86_64-linux-gnu/gstreamer-1.0/a.so", "usr/lib/x86_64-linux-gnu/gstreamer-1.0/b.so"],
  ["usr/lib/jvm/java-21/bin/a", "usr/lib/jvm/java-25/bin/b"],
  ["usr/share/doc/a/copyright", "usr/share/doc/b/copyright"],
  ["usr/share/fonts/truetype/a", "usr/share/fonts/truetype/b"],
  ["usr/include/a.h", "usr/include/b.h"],
  ["usr/bin/a", "usr/bin/b"],
  ["etc/a", "etc/b"],
  ["opt/a/x", "opt/b/x"],
])("a directory of all packages keeps nothing together: %s, %s", (one, other) => {
  const indexes = [
    packageIndex("big", [fileEntry(one, 8 * MB)]),
    packageIndex("bigger", [fileEntry(other, 9 * MB)]),
  ];
  expect(groups(indexes)).toEqual({});
});

test("each request has a layer for what it brings and no earlier one does", () => {
  const request = (name: string, ...packages: readonly string[]) =>
    packages.map((one) => ({
      index: packageIndex(one, [fileEntry(`usr/bin/${one}`, MB)]),
      request: name,
    }));
  const before = [...request("tool", "tool", "libshared"), ...request("jq", "jq", "libjq")];
  const layers = (all: typeof before) =>
    Object.fromEntries(
      groupForLayers(all).map(({ name, members }) => [name, members.map((one) => one.name)]),
    );

  expect(layers(before)).toEqual({ "for-tool": ["libshared", "tool"], "for-jq": ["jq", "libjq"] });
  expect(layers([...before, ...request("c++", "c++")])).toEqual({
    ...layers(before),
    "for-cpp": ["c++"],
  });
});

test("the twentieth request and those after it share a layer", () => {
  const packages = Array.from({ length: 22 }, (_, index) => ({
    index: packageIndex(`p${index}`, [fileEntry(`usr/bin/p${index}`, MB)]),
    request: `p${index}`,
  }));

  const layers = groupForLayers(packages);

  expect(layers).toHaveLength(20);
  expect(layers.find(({ name }) => name === "packages")?.members.map(({ name }) => name)).toEqual([
    "p19",
    "p20",
    "p21",
  ]);
});

test("the twenty heaviest, with names that layers may have", () => {
  const indexes = Array.from({ length: 22 }, (_, index) =>
    packageIndex(`lib${index}.so++`, [fileEntry(`usr/lib/a${index}`, (11 + index) * MB)]),
  );
  const names = Object.keys(groups(indexes));
  expect(names).toHaveLength(20);
  expect(names).toContain("lib21_sopp");
  expect(names).not.toContain("lib1_sopp");
});

/** The heavy ones, by name. */
function groups(indexes: readonly PackageIndex[]): Record<string, readonly string[]> {
  const layers = groupForLayers(indexes.map((index) => ({ index, request: "all" })));
  return Object.fromEntries(
    layers
      .filter(({ name }) => name.startsWith("heavy-"))
      .map(({ name, members }) => [name.slice("heavy-".length), members.map((one) => one.name)]),
  );
}
