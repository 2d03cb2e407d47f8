import { lstat, mkdir, readFile, readlink, realpath } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { prefixPath } from "../../../src/conda/paths.ts";
import { moveToLayer } from "../../../src/conda/prefix/move.ts";
import { settleModes } from "../../../src/python/environment/modes.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { makeTree } from "./records.ts";

it("moves files, and leaves links that the package's own links lead to", async () => {
  const layers = await realpath(await temporaryDirectory());
  const prefix = prefixPath(layers);
  await makeTree(prefix, {
    "lib/libfoo.so": { to: "libfoo.so.1.2" },
    "lib/libfoo.so.1.2": "library",
    "share/foo/model.bin": "model",
  });

  moveToLayer(prefix, layers, "foo", ["lib/libfoo.so.1.2", "share/foo/model.bin"]);

  expect(await readlink(join(prefix, "lib/libfoo.so"))).toBe("libfoo.so.1.2");
  expect(await readlink(join(prefix, "lib/libfoo.so.1.2"))).toBe(
    join(layers, "foo/files/lib/libfoo.so.1.2"),
  );
  expect(await realpath(join(prefix, "lib/libfoo.so"))).toBe(
    join(layers, "foo/files/lib/libfoo.so.1.2"),
  );
  expect(await readFile(join(prefix, "share/foo/model.bin"), "utf8")).toBe("model");
});

it("gives directories and files the same modes whatever the umask", async () => {
  const modes: string[] = [];
  for (const umask of [0o077, 0o002]) {
    const layers = await temporaryDirectory();
    const before = process.umask(umask);
    try {
      await mkdir(join(layers, "foo"));
      await makeTree(prefixPath(layers), {
        "lib/deep/libfoo.so": "library",
        "bin/foo": { program: "#!/bin/sh\n" },
      });
      moveToLayer(prefixPath(layers), layers, "foo", ["lib/deep/libfoo.so"]);
    } finally {
      process.umask(before);
    }
    for (const layer of ["environment", "foo"]) settleModes(join(layers, layer));
    const paths = [
      "foo",
      "foo/files",
      "foo/files/lib/deep",
      "foo/files/lib/deep/libfoo.so",
      "environment/prefix/lib",
      "environment/prefix/bin/foo",
    ];
    const found = await Promise.all(
      paths.map(async (path) => ((await lstat(join(layers, path))).mode & 0o7777).toString(8)),
    );
    modes.push(found.join(" "));
  }

  expect(modes).toEqual(["755 755 755 644 755 755", "755 755 755 644 755 755"]);
});
