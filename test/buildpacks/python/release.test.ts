import { describe, expect, it } from "vitest";
import { archiveOf, listOfOne, urlOf } from "../../../src/buildpacks/python/release.ts";
import { Settings } from "../../../src/kit/settings.ts";

const ARCHIVE =
  "20260929/cpython-3.12.14%2B20260929-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz";

describe("where a release is downloaded from", () => {
  it("is python-build-standalone's address, or the mirror that is set", () => {
    expect(urlOf(ARCHIVE, new Settings({}))).toBe(
      `https://github.com/astral-sh/python-build-standalone/releases/download/${ARCHIVE}`,
    );
    const mirror = new Settings({ BP_PYTHON_INSTALL_MIRROR: "https://mirror.example/python/" });
    expect(urlOf(ARCHIVE, mirror)).toBe(`https://mirror.example/python/${ARCHIVE}`);
    expect(urlOf("https://own.example/python.tar.gz", mirror)).toBe(
      "https://own.example/python.tar.gz",
    );
  });
});

it("is known without the credential of its address, an '@' in the password among it", () => {
  const address = "https://me:s3cret@word@own.example/python.tar.gz";

  expect(archiveOf(address, new Settings({}))).toBe("https://own.example/python.tar.gz");
});

it("is told to uv as a list of one, with its checksum", () => {
  const release = { version: "3.12.14", archive: ARCHIVE, url: "" };

  expect(JSON.parse(listOfOne(release, "arm64", "abc"))).toEqual({
    "cpython-3.12.14-linux-aarch64-gnu": {
      name: "cpython",
      arch: { family: "aarch64", variant: null },
      os: "linux",
      libc: "gnu",
      major: 3,
      minor: 12,
      patch: 14,
      prerelease: "",
      url: `https://github.com/astral-sh/python-build-standalone/releases/download/${ARCHIVE}`,
      sha256: "abc",
      variant: null,
      build: "20260929",
    },
  });
});
