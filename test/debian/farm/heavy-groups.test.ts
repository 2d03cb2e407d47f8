import { expect, test } from "vitest";
import { heavyGroups } from "../../../src/debian/farm/heavy-groups.ts";
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

test("only the packages that are asked for count", () => {
  const indexes = [packageIndex("libfoo-dev", [fileEntry("usr/lib/libfoo.a", 50 * MB)])];
  expect(heavyGroups([], indexes)).toEqual([]);
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

test("no layer takes another's name", () => {
  const indexes = [packageIndex("root", [fileEntry("usr/bin/root", 20 * MB)])];
  expect(groups(indexes)).toEqual({ "root-package": ["root"] });
});

function groups(indexes: readonly PackageIndex[]): Record<string, readonly string[]> {
  const result = heavyGroups(indexes, indexes);
  expect(heavyGroups(indexes, indexes.toReversed())).toEqual(result);
  return Object.fromEntries(result.map(({ name, packages }) => [name, packages]));
}
