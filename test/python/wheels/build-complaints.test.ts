import { describe, expect, it } from "vitest";
import { explainBuild, lastLines } from "../../../src/python/wheels/build-complaints.ts";

describe("explainBuild", () => {
  it.each([
    ["fatal error: libpq-fe.h: No such file or directory", "missing-pieces"],
    ["ModuleNotFoundError: No module named 'torch'", "missing-module"],
    [
      "OSError: CUDA_HOME environment variable is not set. Please set it to your CUDA",
      "no-toolkit",
    ],
    [
      "FileNotFoundError: [Errno 2] No such file or directory: '/usr/local/cuda/bin/nvcc'",
      "no-toolkit",
    ],
    ["FileNotFoundError: [Errno 2] No such file or directory: 'nvcc'", "no-toolkit"],
    ["-- Could NOT find CUDA (missing: CUDA_TOOLKIT_ROOT_DIR)", "no-toolkit"],
    ["ModuleNotFoundError: No module named 'distutils'", "too-old"],
    ["ModuleNotFoundError: No module named 'imp'", "too-old"],
    ["AttributeError: module 'pkgutil' has no attribute 'ImpImporter'. Did you mean", "too-old"],
    ["fatal error: longintrepr.h: No such file or directory", "too-old"],
    ["error: ‘PyThreadState’ {aka ‘struct _ts’} has no member named ‘exc_type’", "too-old"],
    ["error in demo setup command: use_2to3 is invalid.", "too-old"],
    ["gcc: fatal error: Killed signal terminated program cc1plus", "out-of-memory"],
    ["LookupError: setuptools-scm was unable to detect version for /x", "version-unknown"],
    [
      "error: Multiple top-level packages discovered in a flat-layout: ['data', 'models'].",
      "no-modules",
    ],
    [
      "ValueError: Unable to determine which files to ship inside the wheel using the following heuristics",
      "no-modules",
    ],
    ["RuntimeError: Building a package is not possible in non-package mode.", "not-a-package"],
    ["error: expected ';' before '}' token", "unknown"],
  ])("%s: %s", (output, kind) => {
    expect(explainBuild(output).kind).toBe(kind);
  });

  it.each([
    ["README.md", "OSError: Readme file does not exist: README.md"],
    ["LICENSE.txt", "OSError: License file does not exist: LICENSE.txt"],
    ["README.rst", "FileNotFoundError: [Errno 2] No such file or directory: 'README.rst'"],
    ["README.md", "FileNotFoundError: [Errno 2] No such file or directory: '/x/source/README.md'"],
  ])("names a file that the metadata wants: %s of %s", (file, output) => {
    expect(explainBuild(output)).toEqual({ kind: "file-missing", file });
  });

  it("names the module that was missing last", () => {
    const output = "No module named 'a'\nModuleNotFoundError: No module named 'torch.utils'";

    expect(explainBuild(output)).toEqual({ kind: "missing-module", module: "torch.utils" });
  });
});

describe("lastLines", () => {
  it("leaves out setuptools' deprecation warnings", () => {
    const output = `/x/dist.py:765: SetuptoolsDeprecationWarning: License classifiers are deprecated.
!!

        Please consider removing them.

!!
  self._finalize_license_expression()
Error: pg_config executable not found.`;

    expect(lastLines(output)).toBe("Error: pg_config executable not found.");
  });

  it("keeps the end, without steps that have succeeded", () => {
    const output = "copying a -> b\nerror one\n\nrunning build_ext\nerror two\nerror three  \n";

    expect(lastLines(output, 2)).toBe("error two\nerror three");
  });
});
