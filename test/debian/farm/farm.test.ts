import { chmod, mkdir, readFile, readlink, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeFarm } from "../../../src/debian/farm/farm.ts";
import { mergeTrees } from "../../../src/debian/farm/merge-trees.ts";
import type { PackageIndex } from "../../../src/debian/package-index.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { fileEntry, linkEntry, packageIndex } from "../packages.ts";

describe("mergeTrees", () => {
  test("links: those of the tree stay in it, others lead to the system", () => {
    const tree = texts([
      packageIndex("libfoo1", ["usr/lib/libfoo.so.1"]),
      packageIndex("libfoo-dev", [
        linkEntry("usr/lib/libfoo.so", "libfoo.so.1"),
        linkEntry("usr/lib/libz.so", "libz.so.1"),
        linkEntry("usr/share/foo/conf", "/etc/foo.conf"),
        linkEntry("usr/share/foo/null", "/dev/null"),
        "etc/foo.conf",
      ]),
    ]);

    expect(tree).toMatchObject({
      "usr/lib/libfoo.so": "libfoo.so.1",
      "usr/lib/libz.so": "/usr/lib/libz.so.1",
      "usr/share/foo/conf": "../../../etc/foo.conf",
      "usr/share/foo/null": "/dev/null",
      "usr/lib/libfoo.so.1": "libfoo1: usr/lib/libfoo.so.1",
    });
  });

  test("a link to what is behind a linked directory", () => {
    const tree = texts([
      packageIndex("jdk", [
        linkEntry("usr/lib/jvm/default-java", "java-21"),
        "usr/lib/jvm/java-21/bin/java",
        linkEntry("usr/bin/java", "/usr/lib/jvm/default-java/bin/java"),
        linkEntry("usr/bin/javac", "/usr/lib/jvm/default-java/bin/javac"),
      ]),
    ]);

    expect(tree["usr/bin/java"]).toBe("../lib/jvm/default-java/bin/java");
    expect(tree["usr/bin/javac"]).toBe("/usr/lib/jvm/default-java/bin/javac");
  });

  test("links to files that are going to be made", () => {
    const java = packageIndex("java", [linkEntry("usr/lib/cacerts", "/etc/ssl/java/cacerts")]);
    expect(texts([java])["usr/lib/cacerts"]).toBe("/etc/ssl/java/cacerts");
    const { nodes } = mergeTrees([java], (path) => path === "etc/ssl/java/cacerts");
    expect(nodes.get("usr/lib/cacerts")).toMatchObject({ target: "../../etc/ssl/java/cacerts" });
  });

  test("links that lead to each other end", () => {
    const tree = texts([
      packageIndex("loop", [linkEntry("usr/a", "b/x"), linkEntry("usr/b", "a/x")]),
    ]);
    expect(tree["usr/a"]).toBe("/usr/b/x");
  });

  test("alternatives: the highest priority whose file is there", () => {
    const { alternatives, ...tree } = merged([
      blas("libblas3", "usr/lib/blas/libblas.so.3", 10),
      blas("libopenblas0", "usr/lib/openblas/libblas.so.3", 100),
      {
        ...blas("libmkl", "usr/lib/mkl/libblas.so.3", 150),
        entries: [],
      },
    ]);

    expect(tree).toMatchObject({
      "usr/lib/libblas.so.3": "../../etc/alternatives/libblas.so.3",
      "etc/alternatives/libblas.so.3": "../../usr/lib/openblas/libblas.so.3",
      etc: "directory",
      "etc/alternatives": "directory",
    });
    expect(alternatives).toEqual([
      {
        name: "libblas.so.3",
        link: "usr/lib/libblas.so.3",
        path: "usr/lib/openblas/libblas.so.3",
        owner: "libopenblas0",
      },
    ]);
  });

  test("alternatives of one priority: the first path", () => {
    const indexes = [
      blas("zzz", "usr/lib/atlas/libblas.so.3", 10),
      blas("aaa", "usr/lib/blas/libblas.so.3", 10),
    ];
    const wanted = "../../usr/lib/atlas/libblas.so.3";
    expect(merged(indexes)["etc/alternatives/libblas.so.3"]).toBe(wanted);
    expect(merged(indexes.toReversed())["etc/alternatives/libblas.so.3"]).toBe(wanted);
  });

  test("slaves follow their master, where they are there", () => {
    const slaves = [
      { link: "usr/bin/unlzma", name: "unlzma", path: "usr/bin/unxz" },
      { link: "usr/share/man/lzma.1", name: "lzma.1", path: "usr/share/man/xz.1" },
    ];
    const lzma = { link: "usr/bin/lzma", name: "lzma", path: "usr/bin/xz", priority: 20, slaves };
    const tree = merged([
      packageIndex("xz-utils", ["usr/bin/xz", "usr/bin/unxz"], { alternatives: [lzma] }),
    ]);

    expect(tree["usr/bin/unlzma"]).toBe("../../etc/alternatives/unlzma");
    expect(tree["etc/alternatives/unlzma"]).toBe("../../usr/bin/unxz");
    expect(tree["usr/share/man/lzma.1"]).toBeUndefined();
  });

  test("an alternative leaves a file alone that a package has", () => {
    const tree = merged([
      blas("libblas3", "usr/lib/blas/libblas.so.3", 10),
      packageIndex("vendor", ["usr/lib/libblas.so.3"]),
    ]);
    expect(tree["usr/lib/libblas.so.3"]).toBe("vendor: usr/lib/libblas.so.3");
  });

  test("an alternative below a linked directory", () => {
    const java = {
      link: "usr/jdk/java",
      name: "java",
      path: "usr/java-21/java",
      priority: 1,
      slaves: [],
    };
    const tree = merged([
      packageIndex(
        "jdk",
        [linkEntry("usr/jdk", "share/jdk"), "usr/share/jdk/a", "usr/java-21/java"],
        {
          alternatives: [java],
        },
      ),
    ]);
    expect(tree["usr/share/jdk/java"]).toBe("../../../etc/alternatives/java");
    expect(tree["usr/jdk/java"]).toBeUndefined();
  });

  test("two packages with one file: the later name, and a clash", () => {
    const one = packageIndex("aaa", [fileEntry("usr/bin/tool", 1)]);
    const other = packageIndex("bbb", [fileEntry("usr/bin/tool", 2)]);
    for (const indexes of [
      [one, other],
      [other, one],
    ]) {
      const { nodes, clashes } = mergeTrees(indexes);
      expect(nodes.get("usr/bin/tool")).toMatchObject({ owner: { name: "bbb" } });
      expect(clashes).toEqual([{ path: "usr/bin/tool", kept: "bbb", hidden: "aaa" }]);
    }
  });

  test("no clash where one replaces the other, and its file it is", () => {
    const { nodes, clashes } = mergeTrees([
      packageIndex("aaa", [fileEntry("usr/bin/tool", 1)], { replaces: ["bbb"] }),
      packageIndex("bbb", [fileEntry("usr/bin/tool", 2)]),
    ]);
    expect(nodes.get("usr/bin/tool")).toMatchObject({ owner: { name: "aaa" } });
    expect(clashes).toEqual([]);
  });

  test("no clash where a package diverts the other's file", () => {
    const diversions = [{ path: "usr/bin/pg_config", to: "usr/bin/pg_config.libpq-dev" }];
    const tree = texts([
      packageIndex("libpq-dev", [fileEntry("usr/bin/pg_config", 1)]),
      packageIndex("postgresql-common", [fileEntry("usr/bin/pg_config", 2)], { diversions }),
    ]);
    expect(tree).toMatchObject({
      "usr/bin/pg_config": "postgresql-common: usr/bin/pg_config",
      "usr/bin/pg_config.libpq-dev": "libpq-dev: usr/bin/pg_config",
    });
  });

  test("a directory that another package has as a link", () => {
    const { nodes, clashes } = mergeTrees([
      packageIndex("aaa", ["usr/share/foo/a"]),
      packageIndex("bbb", [linkEntry("usr/share/foo", "bar")]),
    ]);
    expect(nodes.get("usr/share/foo")).toEqual({ kind: "directory" });
    expect(clashes).toEqual([]);
  });

  test("the order of the packages changes nothing", () => {
    const indexes = [
      blas("libblas3", "usr/lib/blas/libblas.so.3", 10),
      blas("libopenblas0", "usr/lib/openblas/libblas.so.3", 100),
      packageIndex("foo", ["usr/bin/foo"]),
    ];
    expect([...mergeTrees(indexes).nodes]).toEqual([...mergeTrees(indexes.toReversed()).nodes]);
  });
});

describe("writeFarm", () => {
  test("files are reached, whatever the umask and the volume's setgid bit", async () => {
    const layers = await temporaryDirectory();
    await chmod(layers, 0o2777);
    const store = join(layers, "packages/tree");
    await mkdir(join(store, "usr/bin"), { recursive: true });
    await writeFile(join(store, "usr/bin/foo"), "hello");
    const foo = packageIndex("foo", ["usr/bin/foo", linkEntry("usr/bin/bar", "foo")]);
    const root = join(layers, "root/tree");

    const umask = process.umask(0o077);
    try {
      writeFarm(mergeTrees([foo]), () => store, root);
    } finally {
      process.umask(umask);
    }

    expect(await readlink(join(root, "usr/bin/foo"))).toBe(join(store, "usr/bin/foo"));
    expect(await readFile(join(root, "usr/bin/bar"), "utf8")).toBe("hello");
    for (const path of ["", "usr", "usr/bin"]) {
      expect((await stat(join(root, path))).mode & 0o7777).toBe(0o755);
    }
  });
});

function blas(name: string, path: string, priority: number): PackageIndex {
  const link = "usr/lib/libblas.so.3";
  const alternatives = [{ link, name: "libblas.so.3", path, priority, slaves: [] }];
  return packageIndex(name, [path], { alternatives });
}

/** What stands at each path, in words. */
function texts(indexes: readonly PackageIndex[]): Record<string, string> {
  return Object.fromEntries(
    [...mergeTrees(indexes).nodes].map(([path, node]) => {
      switch (node.kind) {
        case "directory":
          return [path, "directory"];
        case "file":
          return [path, `${node.owner.name}: ${node.path}`];
        case "link":
          return [path, node.target];
      }
    }),
  );
}

function merged(indexes: readonly PackageIndex[]) {
  const { alternatives } = mergeTrees(indexes);
  return { ...texts(indexes), alternatives } as Record<string, unknown>;
}
