import { expect, test } from "vitest";
import { type NarrowOptions, narrowLock } from "../../../src/python/uv/narrow-lock.ts";
import type { PylockPackage } from "../../../src/python/uv/pylock.ts";

const hash = (digit: string) => digit.repeat(64);
const file = (name: string, digit: string) => ({
  url: `https://files.example.com/${name}`,
  hashes: { sha256: hash(digit) },
});

const NUMPY: PylockPackage = {
  name: "NumPy",
  version: "2.0",
  sdist: file("numpy-2.0.tar.gz", "0"),
  wheels: [
    file("numpy-2.0-py3-none-any.whl", "1"),
    file("numpy-2.0-cp313-cp313-manylinux_2_17_x86_64.whl", "2"),
    file("numpy-2.0-1-cp313-cp313-manylinux_2_28_x86_64.whl", "3"),
    file("numpy-2.0-2-cp313-cp313-manylinux_2_28_x86_64.whl", "4"),
    file("numpy-2.0-cp313-cp313-win_amd64.whl", "5"),
  ],
};

function narrow(item: PylockPackage, options: Partial<NarrowOptions> = {}) {
  return narrowLock([item], {
    target: { pythonMinor: "3.13", arch: "amd64" },
    appDir: "/app",
    lockDir: "/layers/drafts",
    allows: () => ({ wheel: true, sdist: true }),
    hashesFor: () => [],
    indexOf: () => undefined,
    ...options,
  });
}

test("the best tag is taken, and of equal ones the highest build number", () => {
  expect(narrow(NUMPY).lock).toEqual([
    { from: "wheel", name: "numpy", version: "2.0", sha256: hash("4") },
  ]);
});

test("a demanded hash is one of the chosen file, else of the next that fits", () => {
  const options = { hashesFor: () => [`sha256:${hash("5")}`, `sha256:${hash("1")}`] };

  expect(narrow(NUMPY, options).lock).toMatchObject([{ from: "wheel", sha256: hash("1") }]);
});

test("a demanded hash of no file that fits is told with those that exist", () => {
  const { lock, unfit } = narrow(NUMPY, { hashesFor: () => [`sha256:${hash("5")}`] });

  expect(lock).toEqual([]);
  expect(unfit).toMatchObject([{ name: "numpy", reason: { kind: "hashes" } }]);
});

test("formats that are not allowed are not taken", () => {
  const sourceOnly = narrow(NUMPY, { allows: () => ({ wheel: false, sdist: true }) });
  const { sdist: _sdist, ...wheels } = NUMPY;
  const nothing = narrow(wheels, { allows: () => ({ wheel: false, sdist: true }) });

  expect(sourceOnly.lock).toMatchObject([{ from: "sdist", sha256: hash("0") }]);
  expect(nothing.unfit).toMatchObject([{ reason: { kind: "no-file" } }]);
});

test("places are told relative to the app", () => {
  const results = [
    narrow({ name: "a", directory: { path: "../../app/libs/a" } }),
    narrow({
      name: "b",
      archive: { path: "/app/wheels/b-1-py3-none-any.whl", hashes: { sha256: hash("1") } },
    }),
    narrow({
      name: "c",
      archive: { url: "https://e.com/c.zip", hashes: { sha256: hash("1") } },
    }),
    narrow({
      name: "d",
      vcs: { type: "git", url: "https://e.com/d.git", "commit-id": "abc", subdirectory: "x" },
    }),
    narrow({ name: "e", directory: { path: "/app" } }),
  ];

  expect(results.flatMap(({ lock }) => lock)).toEqual([
    { from: "directory", name: "a", path: "libs/a", sha256: "" },
    { from: "url", name: "b", url: "./wheels/b-1-py3-none-any.whl", sha256: hash("1") },
    { from: "url", name: "c", url: "https://e.com/c.zip", sha256: hash("1") },
    { from: "git", name: "d", url: "https://e.com/d.git", commit: "abc", subdirectory: "x" },
    { from: "directory", name: "e", path: ".", sha256: "" },
  ]);
});

test("what can't be installed is told with its reason", () => {
  const reasons = [
    narrow({ name: "a", directory: { path: "/elsewhere" } }),
    narrow({ name: "b", vcs: { type: "hg", url: "https://e.com/b", "commit-id": "1" } }),
    narrow({ name: "c", archive: { url: "https://e.com/c.zip", hashes: { sha512: "1" } } }),
    narrow({
      name: "d",
      version: "1",
      wheels: [{ url: "https://e.com/d-1-py3-none-any.whl", hashes: {} }],
    }),
  ].flatMap(({ unfit }) => unfit.map(({ reason }) => reason.kind));

  expect(reasons).toEqual(["outside", "vcs", "no-sha256", "no-sha256"]);
});
