import { describe, expect, it } from "vitest";
import { isOffIndex, withOwnAddresses } from "../../../src/python/project-lock/own-addresses.ts";

const hashes = { sha256: "0".repeat(64) };
const PYTORCH = "https://download.pytorch.org/whl/cu128";
const MIRROR = { base: "https://mirror.example/pytorch/whl", isMirror: true };
const OWN = { base: "https://download.pytorch.org/whl", isMirror: false };

describe("addresses of a locked package", () => {
  it.each([
    ["https://pypi.org/simple", undefined],
    ["https://pypi.org/simple/", undefined],
    [undefined, undefined],
    ["https://packages.example.com/simple/", "https://packages.example.com/simple"],
    [PYTORCH, "https://mirror.example/pytorch/whl/cu128"],
  ])("the index %s is %s", (index, expected) => {
    const item = { name: "a", ...(index === undefined ? {} : { index }) };

    expect(withOwnAddresses(item, MIRROR).index).toBe(expected);
  });

  it("of files are at the mirror, too", () => {
    const url = `${PYTORCH}/torch-2.9.1.whl`;
    const there = "https://mirror.example/pytorch/whl/cu128/torch-2.9.1.whl";
    const item = {
      name: "torch",
      archive: { url, hashes },
      sdist: { url, hashes },
      wheels: [
        { url, hashes },
        { name: "torch.whl", hashes },
      ],
    };

    expect(withOwnAddresses(item, MIRROR)).toEqual({
      name: "torch",
      archive: { url: there, hashes },
      sdist: { url: there, hashes },
      wheels: [
        { url: there, hashes },
        { name: "torch.whl", hashes },
      ],
    });
    expect(withOwnAddresses(item, OWN)).toEqual(item);
  });
});

it.each([
  [{ url: "https://files.pythonhosted.org/a.whl" }, false],
  [{ url: "https://packages.example.com/a.whl" }, true],
  [{ path: "wheels/a.whl" }, true],
  [{ name: "a.whl" }, false],
])("a file that the lock has as %j is off any index: %s", (file, expected) => {
  expect(isOffIndex({ ...file, hashes })).toBe(expected);
});
