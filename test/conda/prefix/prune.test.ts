import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { prunePrefix, rulesFor } from "../../../src/conda/prefix/prune.ts";
import { KEEPABLE, ruleFor } from "../../../src/conda/prefix/prune-rules.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { makeTree, pathNames, recordOf } from "./records.ts";

describe("what is left out", () => {
  it.each([
    ["__clobbers__/libb/share/both", "replaced-files"],
    ["__clobbers__/libb/LICENSE", "replaced-files"],
    ["lib/python3.11/__pycache__/os.cpython-311.pyc", "bytecode"],
    ["lib/python3.11/__pycache__/os.cpython-311.opt-1.pyc", "bytecode"],
    ["lib/python3.11/__pycache__/os.cpython-311.opt-2.pyc", "bytecode"],
    ["lib/python3.11/module.pyc", "bytecode"],
    ["lib/python3.11/sourceless.pyc", undefined],
    ["lib/libfoo.a", "static-libraries"],
    ["lib/deep/libfoo.la", "static-libraries"],
    ["lib64/libfoo.a", "static-libraries"],
    ["lib/python3.11/config-3.11-x86_64-linux-gnu/libpython3.11.a", "static-libraries"],
    ["lib/gcc/x86_64-conda-linux-gnu/14.2.0/libgcc.a", undefined],
    ["x86_64-conda-linux-gnu/sysroot/usr/lib/libc_nonshared.a", undefined],
    ["lib/x/sysroot/usr/lib/libc_nonshared.a", undefined],
    ["share/data.a", undefined],
    ["lib/libfoo.so", undefined],
    ["share/doc/foo/README", "docs"],
    ["share/doc/foo/html/authorship.html", "docs"],
    ["share/man/man1/foo.1", "docs"],
    ["share/info/foo.info", "docs"],
    ["share/gtk-doc/html/foo.html", "docs"],
    ["man/man1/foo.1", "docs"],
    ["share/doc/foo/LICENSE", undefined],
    ["share/doc/foo/LICENCE.txt", undefined],
    ["share/doc/foo/COPYING.LESSER", undefined],
    ["share/doc/foo/copyright", undefined],
    ["share/doc/foo/NOTICES", undefined],
    ["share/doc/foo/licenses/MIT", undefined],
    ["share/licenses/foo/MIT", undefined],
    ["share/documents/foo", undefined],
    ["pkgs/foo-1.0-0/lib/libfoo.so", "package-caches"],
    ["info/index.json", "package-caches"],
    ["share/info.txt", undefined],
  ])("%s: %s", (path, rule) => {
    const has = (other: string) => other === "lib/python3.11/module.py";

    expect(ruleFor(path, has)?.name).toBe(rule);
  });

  it("is kept by the rule's name, but for what is of no use", () => {
    const kept = new Set([...KEEPABLE, "bytecode", "replaced-files"]);
    const none = () => false;

    expect(KEEPABLE).toEqual(["static-libraries", "docs", "package-caches"]);
    expect(ruleFor("lib/libfoo.a", none, kept)).toBeUndefined();
    expect(ruleFor("share/man/man1/foo.1", none, kept)).toBeUndefined();
    expect(ruleFor("info/index.json", none, kept)).toBeUndefined();
    expect(ruleFor("lib/__pycache__/a.cpython-311.pyc", none, kept)?.name).toBe("bytecode");
    expect(ruleFor("__clobbers__/a/b", none, kept)?.name).toBe("replaced-files");
  });
});

describe("a pruned prefix", () => {
  it("and its records have neither the files nor directories that are empty without them", async () => {
    const prefix = await temporaryDirectory();
    await makeTree(prefix, {
      "lib/libfoo.a": "1234",
      "lib/libfoo.so": "library",
      "lib/libbar.a": { to: "libfoo.a" },
      "share/doc/foo/deep/README": "12345678",
      "share/doc/foo/LICENSE": "text",
      "share/man/man1/foo.1": "12",
      "share/man/whatis/": "",
      "share/foo/": "",
      "lib/plugins/static.a": "",
      "__clobbers__/foo/share/both": "other",
    });
    const records = [
      recordOf("foo", [
        "__clobbers__/foo/share/both",
        "lib/libbar.a",
        "lib/libfoo.a",
        "lib/libfoo.so",
        { _path: "lib/plugins", path_type: "directory" },
        "lib/plugins/static.a",
        "share/doc/foo/LICENSE",
        "share/doc/foo/deep/README",
        { _path: "share/foo", path_type: "directory" },
        { _path: "share/man/whatis", path_type: "directory" },
      ]),
      recordOf("manual", ["share/man/man1/foo.1"]),
    ];

    const pruned = prunePrefix(prefix, records, rulesFor(records, new Set()));

    expect(pruned.records.map(pathNames)).toEqual([
      ["lib/libfoo.so", "lib/plugins", "share/doc/foo/LICENSE", "share/foo"],
      [],
    ]);
    expect((await readdir(prefix, { recursive: true })).sort()).toEqual([
      "lib",
      "lib/libfoo.so",
      "lib/plugins",
      "share",
      "share/doc",
      "share/doc/foo",
      "share/doc/foo/LICENSE",
      "share/foo",
    ]);
    expect(pruned.savings.map(({ rule, files, bytes }) => [rule.name, files, bytes])).toEqual([
      ["replaced-files", 1, 5],
      ["static-libraries", 3, 12],
      ["docs", 2, 10],
    ]);
  });

  it("keeps what a setting names", async () => {
    const prefix = await temporaryDirectory();
    await makeTree(prefix, { "lib/libfoo.a": "1234", "share/man/man1/foo.1": "12" });
    const records = [recordOf("foo", ["lib/libfoo.a", "share/man/man1/foo.1"])];

    const pruned = prunePrefix(prefix, records, rulesFor(records, new Set(["static-libraries"])));

    expect(pruned.records.map(pathNames)).toEqual([["lib/libfoo.a"]]);
    expect(await readFile(`${prefix}/lib/libfoo.a`, "utf8")).toBe("1234");
  });

  it("does not count bytecode that a kept record lists and that is not there yet", async () => {
    const prefix = await temporaryDirectory();
    await makeTree(prefix, { "lib/a.py": "" });
    const pyc = { _path: "lib/__pycache__/a.cpython-311.pyc", path_type: "pyc_file" };
    const records = [recordOf("foo", ["lib/a.py", pyc])];

    const pruned = prunePrefix(prefix, records, rulesFor(records, new Set()));

    expect(pruned.records.map(pathNames)).toEqual([["lib/a.py"]]);
    expect(pruned.savings).toEqual([]);
  });

  it("leaves directories that others use, also by a link", async () => {
    const prefix = await temporaryDirectory();
    await makeTree(prefix, {
      "share/doc/foo.txt": "1",
      "lib/libfoo.a": "1",
      lib64: { to: "lib" },
      "share/post-link-made": "1",
    });
    const records = [recordOf("foo", ["share/doc/foo.txt", "lib64/libfoo.a", "lib64"])];

    prunePrefix(prefix, records, rulesFor(records, new Set()));

    expect((await readdir(prefix)).sort()).toEqual(["lib", "lib64", "share"]);
    expect(await readdir(`${prefix}/share`)).toEqual(["post-link-made"]);
  });
});
