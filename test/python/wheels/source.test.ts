import { describe, expect, it } from "vitest";
import type { Distribution } from "../../../src/python/lock.ts";
import { describeSource, isSource } from "../../../src/python/wheels/source.ts";
import { indexArguments } from "../../../src/python/wheels/sdist.ts";
import { isLeftOutOfDigest, isLeftOutOfSource } from "../../../src/python/wheels/source-tree.ts";

const sha256 = "0";
const URL_SOURCE = {
  from: "url",
  name: "demo",
  url: "https://example.org/demo.tar.gz",
  sha256,
} as const;

describe("isSource", () => {
  it.each<[Distribution, boolean]>([
    [{ from: "wheel", name: "demo", version: "1", sha256 }, false],
    [{ from: "sdist", name: "demo", version: "1", sha256 }, true],
    [{ from: "git", name: "demo", url: "https://example.org/demo", commit: "0" }, true],
    [{ from: "directory", name: "demo", path: ".", sha256 }, true],
    [URL_SOURCE, true],
    [{ ...URL_SOURCE, url: "https://example.org/demo-1-py3-none-any.whl" }, false],
    [{ ...URL_SOURCE, url: "https://example.org/demo-1-py3-none-any.whl?token=1" }, false],
    [{ ...URL_SOURCE, url: "./wheels/demo-1-py3-none-any.whl" }, false],
  ])("%j: %s", (distribution, expected) => {
    expect(isSource(distribution)).toBe(expected);
  });
});

describe("describeSource", () => {
  it.each([
    [{ from: "sdist", name: "demo", version: "1", sha256 }, "demo 1"],
    [URL_SOURCE, "demo (https://example.org/demo.tar.gz)"],
    [
      {
        from: "git",
        name: "demo",
        version: "2",
        url: "https://h/demo",
        commit: "0123456789abcdef",
      },
      "demo 2 (https://h/demo at 0123456789)",
    ],
    [{ from: "directory", name: "demo", path: ".", sha256 }, "demo (the app itself)"],
    [{ from: "directory", name: "demo", path: "libs/demo", sha256 }, "demo (libs/demo)"],
  ] as const)("%j is %s", (source, expected) => {
    expect(describeSource(source)).toBe(expected);
  });
});

describe("a directory's source", () => {
  it.each([
    ["src/demo/__init__.py", false, false],
    ["src/demo/__pycache__", true, true],
    ["build", true, true],
    ["dist", true, true],
    ["src/demo/build", false, false],
    ["demo/dist", false, false],
    ["libs/demo/__pycache__", true, true],
    ["demo.egg-info", true, true],
    ["a.pyc", true, true],
    [".venv", true, true],
    [".git", false, true],
    ["sub/.git", false, true],
    [".gitignore", false, false],
    ["builder", false, false],
  ])("%s is left out of a build: %s, of the digest: %s", (path, source, digest) => {
    expect([isLeftOutOfSource(path), isLeftOutOfDigest(path)]).toEqual([source, digest]);
  });
});

describe("indexArguments", () => {
  it.each([
    [[], []],
    [
      ["--index-url", "https://a", "--extra-index-url=https://b"],
      ["--index-url", "https://a", "--extra-index-url=https://b"],
    ],
    [
      ["--no-binary", "demo", "--find-links", "./w", "--no-index"],
      ["--find-links", "./w", "--no-index"],
    ],
    [
      ["--only-binary=:all:", "--pre", "-f", "./w"],
      ["-f", "./w"],
    ],
    [
      ["--index-strategy", "unsafe-best-match"],
      ["--index-strategy", "unsafe-best-match"],
    ],
  ])("of %j are %j", (all, kept) => {
    expect(indexArguments(all)).toEqual(kept);
  });
});
