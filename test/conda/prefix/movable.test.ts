import { describe, expect, it } from "vitest";
import { contestedPaths, entangledPackages } from "../../../src/conda/prefix/contested.ts";
import { LEAST_MOVED, movableFiles } from "../../../src/conda/prefix/movable.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { type MadePath, makeTree, recordOf } from "./records.ts";

const LARGE = "x".repeat(LEAST_MOVED);
const ELF = `\x7fELF${LARGE}`;

describe("files that may lie in another layer", () => {
  it.each<readonly [path: string, made: MadePath, moves: boolean]>([
    ["lib/libfoo.so.1.2", ELF, true],
    ["lib/libfoo.so.1.2", { program: ELF }, true],
    ["lib/python3.11/site-packages/foo/_c.cpython-311-x86_64-linux-gnu.so", ELF, true],
    ["share/foo/weights.bin", { program: LARGE }, true],
    ["share/foo/kernels.o", ELF, true],
    ["share/foo/small.bin", LARGE.slice(1), false],
    ["lib/python3.11/site-packages/foo/big.py", LARGE, false],
    ["lib/python3.11/site-packages/sourceless.pyc", LARGE, false],
    ["lib/python3.11/site-packages/torch-2.5.dist-info/RECORD", LARGE, false],
    ["lib/python3.11/site-packages/torch/bin/protoc-3.13", LARGE, false],
    ["bin/foo", LARGE, false],
    ["libexec/foo/helper", LARGE, false],
    ["share/foo/tool", { program: ELF }, false],
    ["share/foo/script", `#!/bin/sh\n${LARGE}`, false],
    ["etc/foo/table", LARGE, false],
    ["conda-meta/foo.txt", LARGE, false],
    ["include/foo/all.txt", LARGE, false],
    ["lib/python3.11/site-packages/torch/include/data", LARGE, false],
    ["share/foo/types.hpp", LARGE, false],
    ["lib/cmake/Foo/data", LARGE, false],
    ["lib/pkgconfig/foo.pc", LARGE, false],
    ["lib/libpython3.11.so.1.0", ELF, false],
    ["lib/python3.11/lib-dynload/_codecs_jp.cpython-311-x86_64-linux-gnu.so", ELF, false],
    ["lib/jvm/lib/modules", LARGE, false],
    ["lib/server/libjvm.so", ELF, false],
    ["lib/libQt6Core.so.6.8.1", ELF, false],
    ["lib/libQt6WebEngineCore.so.6.8.1", ELF, true],
    ["lib/R/lib/libR.so", ELF, false],
    ["lib/R/library/stats/R/stats.rdb", LARGE, true],
    ["lib/libCling.so", ELF, false],
    ["lib/dotnet/shared/libcoreclr.so", ELF, false],
    ["lib/node_modules/npm/data", LARGE, false],
    ["lib/perl5/5.32/core_perl/CORE/libperl.so", ELF, false],
    ["x86_64-conda-linux-gnu/sysroot/usr/lib64/libc.so.6", ELF, false],
    ["lib/gconv/EUC-JP.so", ELF, false],
    ["share/foo/app.js", LARGE, false],
    ["share/foo/font.woff2", LARGE, false],
  ])("%s", async (path, made, moves) => {
    const prefix = await temporaryDirectory();
    await makeTree(prefix, { [path]: made });

    const movable = movableFiles(prefix, recordOf("foo", [path]));

    expect(movable.map((one) => one.path)).toEqual(moves ? [path] : []);
  });

  it("are no links, entry points or files that are gone, and tell their size as installed", async () => {
    const prefix = await temporaryDirectory();
    await makeTree(prefix, {
      "lib/libfoo.so": { to: "libfoo.so.1" },
      "lib/libfoo.so.1": `${ELF}y`,
      "tools/foo": LARGE,
    });
    const record = recordOf("foo", [
      { _path: "lib/libfoo.so", path_type: "softlink" },
      { _path: "lib/libfoo.so.1" },
      "lib/gone.so",
      { _path: "tools/foo", path_type: "unix_python_entry_point" },
    ]);

    expect(movableFiles(prefix, record)).toEqual([
      { path: "lib/libfoo.so.1", bytes: LEAST_MOVED + 5 },
    ]);
  });

  it("are none of a directory of pages", async () => {
    const prefix = await temporaryDirectory();
    const site = "lib/python3.11/site-packages/foo";
    const paths = {
      [`${site}/client/index.html`]: "page",
      [`${site}/client/static/picture.png`]: LARGE,
      [`${site}/model.png`]: LARGE,
    };
    await makeTree(prefix, paths);

    const movable = movableFiles(prefix, recordOf("foo", Object.keys(paths)));

    expect(movable.map(({ path }) => path)).toEqual([`${site}/model.png`]);
  });
});

describe("entangled packages", () => {
  it("have a path in common, also where the engine has put one of the files aside", () => {
    const records = [
      recordOf("a", ["share/both", "lib/a"]),
      recordOf("b", [{ _path: "__clobbers__/b/share/both", original_path: "share/both" }]),
      recordOf("c", ["share/same"]),
      recordOf("d", ["share/same"]),
      recordOf("e", [{ _path: "share/dir", path_type: "directory" }]),
      recordOf("f", [{ _path: "share/dir", path_type: "directory" }, "lib/f"]),
    ];

    expect([...entangledPackages(contestedPaths(records))]).toEqual(["a", "b", "c", "d"]);
  });
});
