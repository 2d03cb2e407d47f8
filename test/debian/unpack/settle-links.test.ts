import { mkdir, readlink, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { mergeTrees } from "../../../src/debian/farm/merge-trees.ts";
import { settleLinks } from "../../../src/debian/unpack/settle-links.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { linkEntry, packageIndex } from "../packages.ts";

const ROOT = "/layers/ml-buildpacks_apt/root/tree";

test("links of a store layer", async () => {
  const library = packageIndex("libfoo1", ["usr/lib/libfoo.so.1", "etc/foo.conf"]);
  const links = {
    "usr/share/foo/own": "../bar",
    "usr/share/foo/own-absolute": "/usr/share/bar",
    "usr/lib/libfoo.so": "libfoo.so.1",
    "usr/lib/libz.so": "libz.so.1",
    "usr/share/foo/conf": "/etc/foo.conf",
    "usr/share/foo/null": "/dev/null",
  };
  const foo = packageIndex("libfoo-dev", [
    "usr/share/bar",
    ...Object.entries(links).map(([path, target]) => linkEntry(path, target)),
  ]);
  const tree = await temporaryDirectory();
  for (const [path, target] of Object.entries(links)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await symlink(target, join(tree, path));
  }

  settleLinks(tree, foo, mergeTrees([foo, library]), ROOT);
  expect(await readLinks(tree, links)).toEqual({
    "usr/share/foo/own": "../bar",
    "usr/share/foo/own-absolute": `${ROOT}/usr/share/bar`,
    "usr/lib/libfoo.so": `${ROOT}/usr/lib/libfoo.so.1`,
    "usr/lib/libz.so": "/usr/lib/libz.so.1",
    "usr/share/foo/conf": `${ROOT}/etc/foo.conf`,
    "usr/share/foo/null": "/dev/null",
  });

  // Another lock, where the library is the run image's.
  settleLinks(tree, foo, mergeTrees([foo]), ROOT);
  expect(await readLinks(tree, links)).toMatchObject({
    "usr/lib/libfoo.so": "/usr/lib/libfoo.so.1",
    "usr/share/foo/conf": "/etc/foo.conf",
  });
});

async function readLinks(tree: string, links: object): Promise<Record<string, string>> {
  const texts = Object.keys(links).map(async (path) => [path, await readlink(join(tree, path))]);
  return Object.fromEntries(await Promise.all(texts)) as Record<string, string>;
}
