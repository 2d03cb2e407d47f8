import { expect, test } from "vitest";
import {
  formatPylock,
  type PylockPackage,
  withoutCredentials,
} from "../../../src/python/uv/pylock.ts";

const hashes = { sha256: "0".repeat(64) };
const at = (host: string) => `https://me:s3cret@${host}/x`;

test("user names and passwords are taken out of every URL of a lock", () => {
  const packages: readonly PylockPackage[] = [
    {
      name: "a",
      index: at("index.com"),
      sdist: { url: at("files.com"), hashes },
      wheels: [
        { url: at("files.com"), hashes },
        { url: "https://plain.com/x", hashes },
      ],
    },
    { name: "b", vcs: { type: "git", url: at("git.com"), "commit-id": "abc" } },
    { name: "c", archive: { url: at("archive.com"), hashes } },
    { name: "d", directory: { path: "libs/d" } },
  ];

  expect(JSON.stringify(withoutCredentials(packages))).toBe(
    JSON.stringify(packages).replaceAll("me:s3cret@", ""),
  );
});

test("a lock of one Python says so", () => {
  expect(formatPylock([{ name: "a", directory: { path: "libs/a" } }], "3.13"))
    .toMatchInlineSnapshot(`
    "lock-version = "1.0"
    created-by = "ml-buildpacks"
    requires-python = "~=3.13.0"

    [[packages]]
    name = "a"

      [packages.directory]
      path = "libs/a"
    "
  `);
});
