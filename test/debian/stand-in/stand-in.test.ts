import { chmod, readdir, readFile, readlink, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { namesIn } from "../../../src/debian/environment/compiled-in.ts";
import { copyStandIn, makeStandIn, readStandIn } from "../../../src/debian/stand-in/stand-in.ts";
import { readElf } from "../../../src/kit/elf.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { writeElf } from "../environment/elf-file.ts";
import { linkEntry, packageIndex } from "../packages.ts";

it("keeps what is read when packages are joined, and nothing of the rest", async () => {
  const tree = await temporaryDirectory();
  await writeFiles(tree, {
    "usr/bin/script": "#!/usr/bin/perl\n",
    "etc/app.conf": "path=/usr/share/app\n",
    "usr/share/app/data": "much",
    "usr/share/doc/app/run": "#!/bin/sh\n",
  });
  await chmod(join(tree, "usr/bin/script"), 0o755);
  const object = {
    ...{ soname: "libapp.so.1", needed: ["libc.so.6", "libz.so.1"], runpath: "$ORIGIN/../app" },
    text: "code /usr/share/app/data and more code",
  };
  await writeElf(join(tree, "usr/lib.so.1"), object);
  await writeFile(join(tree, "usr/static"), "\u007fELF\0/usr/lib/app/x\0", { mode: 0o755 });
  await symlink("lib.so.1", join(tree, "usr/lib.so"));
  const executable = (path: string) => ({ kind: "file" as const, path, mode: 0o755, size: 1 });
  const index = packageIndex("app", [
    ...[executable("usr/bin/script"), "etc/app.conf", "usr/share/app/data"],
    ...[executable("usr/share/doc/app/run"), "usr/lib.so.1", executable("usr/static")],
    linkEntry("usr/lib.so", "lib.so.1"),
  ]);

  const kept = join(await temporaryDirectory(), "app");
  await makeStandIn(tree, index, kept);
  const copy = join(await temporaryDirectory(), "tree");
  copyStandIn(kept, copy);

  expect(await readStandIn(kept)).toEqual(index);
  expect(await readdir(join(copy, "usr/share/app"))).toEqual([]);
  expect(await readdir(join(copy, "usr/share/doc/app"))).toEqual([]);
  expect(await readFile(join(copy, "usr/bin/script"), "utf8")).toBe("#!/usr/bin/perl\n");
  expect(await readFile(join(copy, "etc/app.conf"), "utf8")).toContain("/usr/share/app");
  expect(await readlink(join(copy, "usr/lib.so"))).toBe("lib.so.1");
  for (const path of ["usr/lib.so.1", "usr/static"]) {
    expect(await readElf(join(copy, path))).toEqual(await readElf(join(tree, path)));
    expect(await namesIn(join(copy, path))).toEqual(await namesIn(join(tree, path)));
  }
  expect([...(await namesIn(join(copy, "usr/lib.so.1")))]).toEqual(["usr/share/app/data"]);
});

it("does not count where it is absent or unfinished", async () => {
  const directory = await temporaryDirectory();
  await writeFiles(directory, { "unfinished/index.json": "{" });

  expect(await readStandIn(join(directory, "absent"))).toBeUndefined();
  expect(await readStandIn(join(directory, "unfinished"))).toBeUndefined();
});
