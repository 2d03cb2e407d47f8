import { describe, expect, it } from "vitest";
import { readCondaLock } from "../../../src/conda/engine/conda-lock.ts";
import { EngineFailure } from "../../../src/conda/engine/engine.ts";

const SHA = "a".repeat(64);

const LOCK = `
version: 1
metadata:
  content_hash: {linux-64: abc}
  channels: [{url: conda-forge, used_env_vars: []}]
  platforms: [linux-64, osx-64]
  sources: [environment.yml]
package:
- {name: zlib, version: 1.3, manager: conda, platform: linux-64, dependencies: {}, url: "https://conda.example/main/linux-64/zlib-1.3-0.conda", hash: {md5: "${"b".repeat(32)}", sha256: ${SHA}}, category: main, optional: false}
- {name: zlib, version: 1.3, manager: conda, platform: osx-64, url: "https://conda.example/main/osx-64/zlib-1.3-0.conda", hash: {md5: x}, category: main}
- {name: zlib, version: 1.3, manager: conda, platform: linux-64, url: "https://conda.example/main/linux-64/zlib-1.3-0.conda", hash: {sha256: ${SHA}}, category: dev}
- {name: pytest, version: 8.0.0, manager: conda, platform: linux-64, url: "https://conda.example/main/noarch/pytest-8.0.0-0.conda", hash: {sha256: ${SHA}}, category: dev, optional: true}
- {name: six, version: "1.10", manager: pip, platform: linux-64, url: "https://files.pythonhosted.org/six-1.10-py3-none-any.whl", hash: {sha256: ${SHA}}}
- {name: mine, version: 0.1.0, manager: pip, platform: linux-64, url: "git+https://git.example/mine@0123456789012345678901234567890123456789", hash: {sha256: "0123456789012345678901234567890123456789"}, category: main}
`;

describe("a conda-lock.yml", () => {
  it("gives what the app needs on the platform, once, for conda and for pip", () => {
    expect(readCondaLock(LOCK, "linux-64")).toEqual({
      environments: [
        {
          name: "default",
          platforms: ["linux-64", "osx-64"],
          packages: [
            {
              url: "https://conda.example/main/linux-64/zlib-1.3-0.conda",
              md5: "b".repeat(32),
              sha256: SHA,
            },
          ],
          pypi: [
            {
              ...{ name: "six", version: "1.10", editable: false, sha256: SHA },
              location: "https://files.pythonhosted.org/six-1.10-py3-none-any.whl",
            },
            {
              ...{ name: "mine", version: "0.1.0", editable: false },
              location: "git+https://git.example/mine@0123456789012345678901234567890123456789",
            },
          ],
        },
      ],
    });
  });

  it.each([
    ["", "The file is not as conda-lock writes it"],
    [LOCK.replace("version: 1", "version: 2"), "'version' is not as conda-lock writes it"],
    [
      LOCK.replace("manager: pip", "manager: poetry"),
      "'package.4.manager' is not as conda-lock writes it",
    ],
    [LOCK.replace("{name: six", "{name: [six"), expect.stringContaining("at line 13, column ")],
  ])("that isn't one is told", (text, message) => {
    expect(errorOf(() => readCondaLock(text, "linux-64"))).toEqual({ kind: "lock-file", message });
  });
});

function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (error instanceof EngineFailure) return error.error;
    throw error;
  }
  return undefined;
}
