import { describe, expect, it } from "vitest";
import { renderMessage } from "../../../src/kit/failure.ts";
import { failure } from "../../../src/python/wheels/failures.ts";

const messageOf = (...args: Parameters<typeof failure>) =>
  renderMessage(failure(...args).userMessage);

const built = (output: string, name = "demo") =>
  messageOf("build-failed", {
    source: { from: "sdist", name, version: "1.0", sha256: "0" },
    output,
    ended: { kind: "exit", code: 1 },
  });

describe("build-failed", () => {
  it("names the Debian package of a missing header", () => {
    const output = `running build_ext
building 'psycopg2._psycopg' extension
psycopg/psycopg.h:30:10: fatal error: libpq-fe.h: No such file or directory
compilation terminated.
error: command 'x86_64-linux-gnu-gcc' failed with exit code 1`;

    expect(built(output, "psycopg2")).toMatchInlineSnapshot(`
      "[Error: psycopg2 1.0 could not be built from source]

      It is built here, since the lock has no wheel of it that fits. Its build ended with exit code 1.

      The build image does not have the header libpq-fe.h (Debian package libpq-dev).

      Write into a file apt.txt in the app's root:
        libpq-dev

      Without a compiler: 'psycopg2-binary' in requirements.txt brings ready-made wheels.

      Details:
      building 'psycopg2._psycopg' extension
      psycopg/psycopg.h:30:10: fatal error: libpq-fe.h: No such file or directory
      compilation terminated.
      error: command 'x86_64-linux-gnu-gcc' failed with exit code 1"
    `);
  });

  it("says so where the header's package is not known", () => {
    expect(built("fatal error: secret.h: No such file or directory")).toMatchInlineSnapshot(`
      "[Error: demo 1.0 could not be built from source]

      It is built here, since the lock has no wheel of it that fits. Its build ended with exit code 1.

      The build image does not have the header secret.h.

      A version of demo that has a wheel for this Python needs no compiler. So does a wheel that you have built elsewhere: put it into the app and name it in requirements.txt as ./wheels/<file>.whl.

      Details:
      fatal error: secret.h: No such file or directory"
    `);
  });

  it("explains a build that needs torch", () => {
    const output = "ModuleNotFoundError: No module named 'torch'";

    expect(built(output, "flash-attn")).toMatchInlineSnapshot(`
      "[Error: flash-attn 1.0 could not be built from source]

      It is built here, since the lock has no wheel of it that fits. Its build ended with exit code 1.

      Its setup.py imports torch while it is built, but does not declare it as a requirement of the build. Packages are built apart from the app's other packages, so that it is not there.

      flash-attn's project page usually has ready-made wheels for each version of torch: give the URL of one in requirements.txt, in place of its name:

        flash-attn @ https://…/flash_attn-….whl

      Details:
      ModuleNotFoundError: No module named 'torch'"
    `);
  });

  it("explains a build requirement that is not declared", () => {
    expect(built("ModuleNotFoundError: No module named 'Cython'")).toMatchInlineSnapshot(`
      "[Error: demo 1.0 could not be built from source]

      It is built here, since the lock has no wheel of it that fits. Its build ended with exit code 1.

      It needs the Python module Cython while it is built, but does not declare it under [build-system] in its pyproject.toml.

      Take a version of demo that has a wheel or declares it. If the source is your own, add it to 'requires' under [build-system].

      Details:
      ModuleNotFoundError: No module named 'Cython'"
    `);
  });

  it("recognises what is older than this Python", () => {
    expect(built("ModuleNotFoundError: No module named 'imp'")).toMatchInlineSnapshot(`
      "[Error: demo 1.0 could not be built from source]

      It is built here, since the lock has no wheel of it that fits. Its build ended with exit code 1.

      This version was written for an older Python ("No module named 'imp'").

      Take a newer version of demo, or name an older Python in a file .python-version.

      Details:
      ModuleNotFoundError: No module named 'imp'"
    `);
  });

  it("recognises a lack of memory", () => {
    const output = "c++: fatal error: Killed signal terminated program cc1plus";

    expect(built(output)).toMatchInlineSnapshot(`
      "[Error: demo 1.0 could not be built from source]

      It is built here, since the lock has no wheel of it that fits. Its build ended with exit code 1.

      The compiler ran out of memory. Give the build more, or set BP_BUILD_SYSTEM_JOBS=1 so that one compiler runs at a time.

      Details:
      c++: fatal error: Killed signal terminated program cc1plus"
    `);
  });

  it("recognises a version that is only in git's tags", () => {
    const output = "LookupError: setuptools-scm was unable to detect version for /build/source.";

    expect(built(output, "my-model")).toMatchInlineSnapshot(`
      "[Error: my-model 1.0 could not be built from source]

      It is built here, since the lock has no wheel of it that fits. Its build ended with exit code 1.

      It takes its version from git's tags, and there is no git history here. Set SETUPTOOLS_SCM_PRETEND_VERSION_FOR_MY_MODEL to the version for the build.

      Details:
      LookupError: setuptools-scm was unable to detect version for /build/source."
    `);
  });

  it("shows the end of an output that it does not understand", () => {
    expect(built("error: expected ';'")).toMatchInlineSnapshot(`
      "[Error: demo 1.0 could not be built from source]

      It is built here, since the lock has no wheel of it that fits. Its build ended with exit code 1.

      A version of demo that has a wheel for this Python needs no compiler. So does a wheel that you have built elsewhere: put it into the app and name it in requirements.txt as ./wheels/<file>.whl.

      Details:
      error: expected ';'"
    `);
  });

  it("knows a build that ends well and makes nothing", () => {
    const source = { from: "directory", name: "demo", path: ".", sha256: "0" } as const;

    expect(messageOf("build-failed", { source, output: "", ended: undefined }))
      .toMatchInlineSnapshot(`
      "[Error: demo (the app itself) could not be built from source]

      It is built here, since the lock has no wheel of it that fits. Its build made no wheel."
    `);
  });
});

describe("what comes before a build", () => {
  it("build-requirements-failed", () => {
    const facts = {
      source: "demo 1.0",
      requirements: ["setuptools<40", "cython"],
      output: "  × No solution found when resolving dependencies:\n  ╰─▶ Because ...",
    };

    expect(messageOf("build-requirements-failed", facts)).toMatchInlineSnapshot(`
      "[Error: What the build of demo 1.0 requires could not be installed]

      It asks for:

      - setuptools<40
      - cython

      Take a version that has a wheel for this Python, or see below what is in the way.

      Details:
      × No solution found when resolving dependencies:
        ╰─▶ Because ..."
    `);
  });

  it("download-failed", () => {
    const facts = {
      source: "demo 1.0",
      host: "pypi.example",
      reason: "its certificate is not trusted",
      output: "curl: (60) SSL certificate problem",
    };

    expect(messageOf("download-failed", facts)).toMatchInlineSnapshot(`
      "[Error: demo 1.0 could not be downloaded]

      From pypi.example: its certificate is not trusted.

      Check that the build can reach it: HTTPS_PROXY if there is a proxy, a ca-certificates binding if the certificate is your own, a binding of type pypi if it asks for credentials.

      Nothing in the app needs to change. Once the cause is mended, build again.

      Details:
      curl: (60) SSL certificate problem"
    `);
  });

  it("git-failed", () => {
    const facts = {
      source: "demo (https://github.com/o/demo at 0123456789)",
      reason: "there is no such repository",
      output: "fatal: repository 'https://github.com/o/demo/' not found",
    };

    expect(messageOf("git-failed", facts)).toMatchInlineSnapshot(`
      "[Error: demo (https://github.com/o/demo at 0123456789) could not be fetched with git]

      There is no such repository.

      Details:
      fatal: repository 'https://github.com/o/demo/' not found"
    `);
  });

  it("build-failed, for want of a readme", () => {
    // Of hatchling 1.33.0, less its other frames.
    const output = `  File "/x/hatchling/metadata/core.py", line 553, in readme
    raise OSError(message)
OSError: Readme file does not exist: README.md
`;
    const source = { from: "directory", name: "demo", path: ".", sha256: "0" } as const;

    expect(messageOf("build-failed", { source, output, ended: { kind: "exit", code: 1 } }))
      .toMatchInlineSnapshot(`
      "[Error: demo (the app itself) could not be built from source]

      It is built here, since the lock has no wheel of it that fits. Its build ended with exit code 1.

      Its build reads README.md, which is not in the app as it is built.

      1. If you have that file, it is left out of the build: see "exclude" and "include" in project.toml, and .gitignore.
      2. If there is none, add it, or remove what names it (readme or license-files in pyproject.toml).

      Details:
      File "/x/hatchling/metadata/core.py", line 553, in readme
          raise OSError(message)
      OSError: Readme file does not exist: README.md"
    `);
    expect(built(output)).toContain("Its build reads README.md, which its source does not have.");
  });

  it("hash-mismatch", () => {
    const facts = {
      source: "demo 1.0",
      url: "https://files.example/demo-1.0.tar.gz",
      found: "aaaa",
      wanted: "bbbb",
      own: undefined,
    };

    expect(messageOf("hash-mismatch", facts)).toMatchInlineSnapshot(`
      "[Error: demo 1.0 is not the file that was locked]

      Its SHA-256 digest differs, so that it has not been used.

      From: https://files.example/demo-1.0.tar.gz
      Found: aaaa
      Needed: bbbb

      If the file was replaced on purpose, lock again: set BP_LOCK_EPOCH to a new value. If you don't know why, don't install it."
    `);
  });

  it("not-an-archive", () => {
    const facts = { source: "demo 1.0", output: "tar: This does not look like a tar archive" };

    expect(messageOf("not-an-archive", facts)).toMatchInlineSnapshot(`
      "[Error: demo 1.0 could not be unpacked]

      The file is neither a tar archive (.tar.gz) nor a zip archive, or it is damaged. A source distribution has to be one of them.

      Details:
      tar: This does not look like a tar archive"
    `);
  });

  it("pyproject-invalid", () => {
    const facts = { source: "demo 1.0", problem: "build-system.requires: Invalid input" };

    expect(messageOf("pyproject-invalid", facts)).toMatchInlineSnapshot(`
      "[Error: demo 1.0 could not be built from source]

      Its pyproject.toml does not say how it is built: build-system.requires: Invalid input

      Needed, for example:

        [build-system]
        requires = ["setuptools"]
        build-backend = "setuptools.build_meta""
    `);
  });

  it("sdist-not-found", () => {
    const facts = {
      source: "demo 1.0",
      output: "there is no version of demo==1.0",
      own: { file: "uv.lock", relock: "uv lock" },
    };

    expect(messageOf("sdist-not-found", facts)).toMatchInlineSnapshot(`
      "[Error: The source distribution of demo 1.0 could not be found]

      It is in the lock, but the indexes no longer offer it as it was. To lock again, make uv.lock anew (uv lock).

      Details:
      there is no version of demo==1.0"
    `);
  });

  it("source-without-project", () => {
    const facts = { source: "demo (https://github.com/o/demo at 0123456789)", subdirectory: "py" };

    expect(messageOf("source-without-project", facts)).toMatchInlineSnapshot(`
      "[Error: demo (https://github.com/o/demo at 0123456789) is not a Python project]

      There is neither a pyproject.toml nor a setup.py in its directory py.

      If the project is in another directory, name it: #subdirectory=path/to/project at the end of the URL."
    `);
  });

  it("toolkit-missing", () => {
    const facts = { source: "flash-attn 2.8.3", cuda: "12.8" };

    expect(messageOf("toolkit-missing", facts)).toMatchInlineSnapshot(`
      "[Error: flash-attn 2.8.3 needs CUDA's compiler, which nobody has asked for]

      Write a file hardware.txt with the line:

        cuda==12.8"
    `);
  });

  it("wheel-of-another-name", () => {
    const facts = { source: "demo (.)", wheel: "other-1.0-py3-none-any.whl", name: "demo" };

    expect(messageOf("wheel-of-another-name", facts)).toMatchInlineSnapshot(`
      "[Error: demo (.) is a project of another name]

      Found: other-1.0-py3-none-any.whl
      Needed: a wheel of demo

      Correct the name in the requirement."
    `);
  });
});
