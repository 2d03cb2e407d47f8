import { expect, it } from "vitest";
import type { LockedPackage } from "../../../../src/python/project-lock/poetry/lock-file.ts";
import { asPylock } from "../../../../src/python/project-lock/poetry/package-source.ts";

const WHEEL = { file: "my_lib-1.0-py3-none-any.whl", hash: "sha256:aa" };
const SDIST = { file: "my_lib-1.0.tar.gz", hash: "sha256:bb" };
const ZIP = { file: "my_lib-1.0.zip", hash: "sha256:cc" };

const locked = (rest: Partial<LockedPackage>): LockedPackage => ({
  name: "My_Lib",
  version: "1.0",
  ...rest,
});

it.each<[string, Partial<LockedPackage>, object]>([
  [
    "PyPI",
    { files: [{ file: "my_lib-1.0-py3.11.egg", hash: "md5:dd" }, ZIP, SDIST, WHEEL] },
    {
      version: "1.0",
      wheels: [{ name: WHEEL.file, hashes: { sha256: "aa" } }],
      sdist: { name: SDIST.file, hashes: { sha256: "bb" } },
    },
  ],
  [
    "a file without sha256",
    { files: [{ file: SDIST.file, hash: "md5:dd" }] },
    {
      version: "1.0",
      sdist: { name: SDIST.file, hashes: { md5: "dd" } },
    },
  ],
  [
    "an index",
    {
      files: [WHEEL],
      source: { type: "legacy", url: "https://packages.example/simple", reference: "mine" },
    },
    {
      version: "1.0",
      index: "https://packages.example/simple",
      wheels: [{ name: WHEEL.file, hashes: { sha256: "aa" } }],
    },
  ],
  [
    "git",
    {
      files: [],
      source: {
        type: "git",
        url: "https://git.example/my-lib.git",
        reference: "main",
        resolved_reference: "0123",
        subdirectory: "python",
      },
    },
    {
      version: "1.0",
      vcs: {
        type: "git",
        url: "https://git.example/my-lib.git",
        "commit-id": "0123",
        subdirectory: "python",
      },
    },
  ],
  [
    "git over SSH",
    { source: { type: "git", url: "git@git.example:team/lib.git", resolved_reference: "0123" } },
    {
      version: "1.0",
      vcs: { type: "git", url: "ssh://git@git.example/team/lib.git", "commit-id": "0123" },
    },
  ],
  [
    "a URL",
    {
      files: [SDIST, WHEEL],
      source: { type: "url", url: `https://files.example/a%20b/${WHEEL.file}#x` },
    },
    {
      version: "1.0",
      archive: { url: `https://files.example/a%20b/${WHEEL.file}#x`, hashes: { sha256: "aa" } },
    },
  ],
  [
    "a URL that is not encoded",
    { files: [SDIST, WHEEL], source: { type: "url", url: "https://files.example/100%zz.whl" } },
    {
      version: "1.0",
      archive: { url: "https://files.example/100%zz.whl", hashes: { sha256: "bb" } },
    },
  ],
  [
    "a file",
    { files: [WHEEL], source: { type: "file", url: `wheels/${WHEEL.file}` } },
    { version: "1.0", archive: { path: `wheels/${WHEEL.file}`, hashes: { sha256: "aa" } } },
  ],
  [
    "a directory",
    { files: [], source: { type: "directory", url: "libs/my-lib" } },
    { directory: { path: "libs/my-lib" } },
  ],
])("%s", (_what, rest, expected) => {
  const anything = () => ({ wheel: true, sdist: true });

  expect(asPylock(locked(rest), anything)).toEqual({ name: "my-lib", ...expected });
});

it("leaves out what poetry.toml refuses", () => {
  const files = [WHEEL, SDIST];

  expect(asPylock(locked({ files }), () => ({ wheel: false, sdist: true }))).not.toHaveProperty(
    "wheels",
  );
  expect(asPylock(locked({ files }), () => ({ wheel: true, sdist: false }))).not.toHaveProperty(
    "sdist",
  );
});
