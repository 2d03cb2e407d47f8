import { describe, expect, test } from "vitest";
import { parseProject } from "../../../src/python/uv/index-lookup.ts";
import {
  allowsPython,
  newestVersion,
  pythonsOfTags,
  pythonsWithWheels,
  requiredPython,
} from "../../../src/python/uv/releases.ts";
import { parseIndexAnnotations } from "../../../src/python/uv/resolve.ts";

const FILES = [
  "scipy-1.7.3-cp310-cp310-manylinux_2_17_x86_64.whl",
  "scipy-1.7.3-cp39-cp39-manylinux_2_17_x86_64.whl",
  "scipy-1.7.3-cp311-cp311-win_amd64.whl",
  "scipy-1.7.3.tar.gz",
  "scipy-1.10.0-cp311-cp311-manylinux_2_17_x86_64.whl",
  "scipy-2.0rc1-cp311-cp311-manylinux_2_17_x86_64.whl",
].map((filename) => ({
  filename,
  requiresPython: filename.includes("1.7.3") ? ">=3.7,<3.11" : undefined,
}));

describe("the answer of an index", () => {
  test("in JSON", () => {
    const body = JSON.stringify({
      files: [
        { filename: "six-1.0.tar.gz", "requires-python": null, hashes: {} },
        { filename: "six-2.0.tar.gz", "requires-python": ">=3.7", hashes: { sha256: "ab" } },
      ],
    });

    expect(parseProject(body)).toEqual([
      { filename: "six-1.0.tar.gz", requiresPython: undefined },
      { filename: "six-2.0.tar.gz", requiresPython: ">=3.7", sha256: "ab" },
    ]);
  });

  test("in HTML", () => {
    const sha256 = "0F".repeat(32);
    const body = `<html><a href="x/six-1.0.tar.gz#sha256=${sha256}">six-1.0.tar.gz</a>
      <a href="y" data-requires-python="&gt;=3.7,&lt;4">six-2.0.tar.gz</a></html>`;

    expect(parseProject(body)).toEqual([
      { filename: "six-1.0.tar.gz", requiresPython: undefined, sha256: sha256.toLowerCase() },
      { filename: "six-2.0.tar.gz", requiresPython: ">=3.7,<4" },
    ]);
  });

  test("of another form tells nothing", () => {
    expect(parseProject("{}")).toEqual([]);
    expect(parseProject("<html>not found</html>")).toEqual([]);
  });
});

test("the newest release is a final one, by the order of versions", () => {
  expect(newestVersion("scipy", FILES)).toBe("1.10.0");
  expect(newestVersion("scipy", [])).toBeUndefined();
});

test("the Pythons of a release are those with a wheel for Linux", () => {
  expect(pythonsWithWheels("scipy", "1.7.3", FILES)).toEqual(["3.9", "3.10"]);
  expect(requiredPython("scipy", "1.7.3", FILES)).toBe(">=3.7,<3.11");
  expect(pythonsOfTags(["cp311", "cp39", "py3", "cp39"])).toEqual(["3.9", "3.11"]);
});

test("upper bounds of Requires-Python count; what can't be read allows all", () => {
  expect(allowsPython(">=3.7,<3.11", "3.13.5")).toBe(false);
  expect(allowsPython(">=3.7", "3.13.5")).toBe(true);
  expect(allowsPython(">=3.7.*", "3.13.5")).toBe(true);
});

test("the index of each package is read from uv's annotations", () => {
  const text = [
    "alpha==1.0",
    "    # from https://pypi.org/simple",
    "Other.Name==1.0 \\",
    "    --hash=sha256:00",
    "    # from https://packages.example.com/simple/",
    "./lib",
    "found-here==1",
    "    # from ./wheels",
  ].join("\n");

  expect([...parseIndexAnnotations(text)]).toEqual([
    ["alpha", "https://pypi.org/simple"],
    ["other-name", "https://packages.example.com/simple"],
  ]);
});
