import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pruneTree } from "../../../src/buildpacks/python/prune-tree.ts";
import { relocateTree } from "../../../src/buildpacks/python/relocate-tree.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

describe("a release's tree", () => {
  it("keeps what an app and its packages' builds need", async () => {
    const tree = await temporaryDirectory();
    await writeFiles(tree, {
      BUILD: "20260929",
      "bin/pip3.12": "",
      "bin/idle3": "",
      "bin/python3.12": "",
      "bin/python3.12-config": "",
      "include/python3.12/Python.h": "",
      "lib/libpython3.12.so.1.0": "",
      "lib/python3.12/config-3.12-x86_64-linux-gnu/libpython3.12.a": "",
      "lib/python3.12/config-3.12-x86_64-linux-gnu/Makefile": "",
      "lib/python3.12/ensurepip/__init__.py": "",
      "lib/python3.12/idlelib/__init__.py": "",
      "lib/python3.12/site-packages/README.txt": "",
      "lib/python3.12/site-packages/pip-25.0.dist-info/METADATA": "",
      "lib/python3.12/site-packages/pip/__init__.py": "",
      "lib/python3.12/test/test_os.py": "",
      "lib/python3.12/unittest/__init__.py": "",
      "share/man/man1/python3.1": "",
      "share/terminfo/x/xterm": "",
    });

    await pruneTree(tree, "3.12.4");

    expect(await filesIn(tree)).toEqual([
      "bin/python3.12",
      "bin/python3.12-config",
      "include/python3.12/Python.h",
      "lib/libpython3.12.so.1.0",
      "lib/python3.12/config-3.12-x86_64-linux-gnu/Makefile",
      "lib/python3.12/ensurepip/__init__.py",
      "lib/python3.12/site-packages/README.txt",
      "lib/python3.12/unittest/__init__.py",
      "share/terminfo/x/xterm",
    ]);
  });

  it("names its own place after it was moved", async () => {
    const tree = await temporaryDirectory();
    const binary = Buffer.concat([
      Buffer.from("\u007fELF\u0000"),
      Buffer.of(0xff),
      Buffer.from("/old/tree/lib"),
    ]);
    const names = {
      "bin/python3.12-config": "#!/bin/sh\nprefix=/old/tree # \u00e9\n",
      "lib/pkgconfig/python3.pc": "prefix=/old/tree\n",
      "lib/python3.12/_sysconfigdata__linux_x86_64-linux-gnu.py": "a = '/old/tree:/old/tree'\n",
      "lib/python3.12/config-3.12-x86_64-linux-gnu/Makefile": "prefix=/old/tree\n",
    };
    await writeFiles(tree, { ...names, "bin/python3.12": binary });

    await relocateTree(tree, "/old/tree");

    for (const [name, text] of Object.entries(names)) {
      expect(await readFile(join(tree, name), "utf8")).toBe(text.replaceAll("/old/tree", tree));
    }
    expect(await readFile(join(tree, "bin/python3.12"))).toEqual(binary);
  });
});

async function filesIn(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}
