import { describe, expect, test } from "vitest";
import { evaluateMarker, linuxEnvironment } from "../../src/python/markers.ts";

const environment = linuxEnvironment("3.13.5", "arm64", { dependency_groups: ["dev"] });

describe("evaluateMarker", () => {
  const cases: readonly (readonly [string, boolean])[] = [
    [`python_version < "3.11"`, false],
    [`python_version >= "3.9"`, true],
    [`python_version > '3.9'`, true],
    [`python_version == "3.13"`, true],
    [`python_version == "3.*"`, true],
    [`python_version ~= "3.10"`, true],
    [`python_full_version < "3.13.5"`, false],
    [`python_full_version >= "3.13.0rc1"`, true],
    [`"3.9" <= python_version`, true],
    [`sys_platform == "linux"`, true],
    [`sys_platform != 'win32'`, true],
    [`platform_machine == "aarch64" and platform_system == "Linux"`, true],
    [`platform_machine in "x86_64 amd64"`, false],
    [`"linux" in sys_platform`, true],
    [`sys_platform not in "win32,darwin"`, true],
    [`os_name == "nt" or (python_version > "3" and implementation_name == "cpython")`, true],
    [`os_name == "nt" or python_version > "3" and implementation_name == "pypy"`, false],
    [`extra == "dev"`, false],
    [`'dev' in dependency_groups`, true],
    [`'docs' in dependency_groups or 'x' in extras`, false],
    [`'docs' not in extras`, true],
    [`os.name == "posix" and platform.machine == "aarch64"`, true],
    [`python_implementation == "CPython"`, true],
  ];
  test.each(cases)("%s is %s", (marker, expected) => {
    expect(evaluateMarker(marker, environment)).toBe(expected);
  });

  const wrong: readonly (readonly [string, string])[] = [
    [`python_version < 3.11`, "'3.11' can't be read in: python_version < 3.11"],
    [
      `pyton_version < "3"`,
      "'pyton_version' is not one of its variables; did you mean python_version?",
    ],
    [`python_version "3"`, `a comparison is missing in: python_version "3"`],
    [`(python_version < "3"`, `')' is missing in: (python_version < "3"`],
    [`python_version < "3" six`, `unexpected 'six' in: python_version < "3" six`],
    [`sys_platform not "x"`, `'in' is missing after 'not' in: sys_platform not "x"`],
  ];
  test.each(wrong)("%s is refused", (marker, message) => {
    expect(() => evaluateMarker(marker, environment)).toThrow(message);
  });
});
