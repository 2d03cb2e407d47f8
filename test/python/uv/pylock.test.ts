import { expect, test } from "vitest";
import { type Pylock, splitCredentials } from "../../../src/python/uv/pylock.ts";

const hashes = { sha256: "0".repeat(64) };
const at = (host: string) => `https://me:s3cret@${host}/x`;

test("user names and passwords are taken out of every URL of a lock", () => {
  const lock: Pylock = {
    "lock-version": "1.0",
    packages: [
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
    ],
  };

  const { pylock, credentials } = splitCredentials(lock, { file: "pylock.toml" });

  expect(JSON.stringify(pylock)).toBe(JSON.stringify(lock).replaceAll("me:s3cret@", ""));
  expect(credentials.map(({ host, login, password }) => [host, login, password])).toEqual(
    ["index.com", "files.com", "git.com", "archive.com"].map((host) => [host, "me", "s3cret"]),
  );
});
