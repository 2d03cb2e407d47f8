import { describe, expect, it } from "vitest";
import type { Distribution } from "../../../src/python/lock.ts";
import { purlFor } from "../../../src/python/sbom/purl.ts";

const WHEEL = { from: "wheel", name: "demo", version: "1", sha256: "0" } as const;

describe("purlFor", () => {
  it.each<[string, string, Distribution | undefined, string]>([
    ["flask", "3.0.0", undefined, "pkg:pypi/flask@3.0.0"],
    ["Zope.Interface", "5.0", WHEEL, "pkg:pypi/zope-interface@5.0"],
    ["typing_extensions", "4.0", WHEEL, "pkg:pypi/typing-extensions@4.0"],
    ["torch", "2.11.0+cu128", WHEEL, "pkg:pypi/torch@2.11.0%2Bcu128"],
    ["demo", "1!2.0", WHEEL, "pkg:pypi/demo@1%212.0"],
    [
      "torch",
      "2.11.0",
      { ...WHEEL, index: "https://download.pytorch.org/whl/cpu" },
      "pkg:pypi/torch@2.11.0?repository_url=https://download.pytorch.org/whl/cpu",
    ],
    [
      "demo",
      "1",
      { from: "git", name: "demo", url: "https://github.com/o/demo", commit: "c0ffee" },
      "pkg:pypi/demo@1?vcs_url=git%2Bhttps://github.com/o/demo%40c0ffee",
    ],
    [
      "demo",
      "1",
      { from: "url", name: "demo", url: "https://example.org/a%20b.whl?x=1&y=2", sha256: "0" },
      "pkg:pypi/demo@1?download_url=https://example.org/a%2520b.whl%3Fx%3D1%26y%3D2",
    ],
    [
      "demo",
      "1",
      { from: "url", name: "demo", url: "./demo.whl", sha256: "0" },
      "pkg:generic/demo@1",
    ],
    [
      "demo",
      "1",
      { from: "directory", name: "demo", path: ".", sha256: "0" },
      "pkg:generic/demo@1",
    ],
  ])("%s %s of %j is %s", (name, version, distribution, expected) => {
    expect(purlFor(name, version, distribution)).toBe(expected);
  });
});
