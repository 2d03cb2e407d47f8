import { expect, it } from "vitest";
import { failure } from "../../../src/buildpacks/python/failures.ts";
import { renderMessage } from "../../../src/kit/failure.ts";

it("says what to look at where a release does not run", () => {
  const facts = {
    version: "3.12.4",
    url: "https://mirror.example/python/cpython-3.12.4.tar.gz",
    output: "error while loading shared libraries: libm.so.6",
  };

  expect(renderMessage(failure("release-unusable", facts).userMessage)).toMatchInlineSnapshot(`
    "[Error: Python 3.12.4 from mirror.example does not run]

    Found: an interpreter that fails to start in the build image
    Needed: a release for Linux with glibc and this architecture

    Nothing in the app needs to change. Once the cause is mended, build again.

    Details:
    error while loading shared libraries: libm.so.6"
  `);
});

const AT_MIRROR = {
  version: "3.12.4",
  url: "https://mirror.example/python/cpython-3.12.4.tar.gz",
  reason: "the server refuses the connection",
};

it("names the line that asks for a release that can't be downloaded", () => {
  const origin = { kind: "file", file: ".python-version", line: 2 } as const;
  const { userMessage } = failure("download-failed", { ...AT_MIRROR, origin });

  expect(renderMessage(userMessage)).toMatchInlineSnapshot(`
    "[Error: Python 3.12.4 can't be downloaded from mirror.example]

    Found: the server refuses the connection
    Needed: access to https://mirror.example/python/cpython-3.12.4.tar.gz

    1. If the build has no access to mirror.example, set BP_PYTHON_INSTALL_MIRROR to the
       address of a mirror of python-build-standalone's releases.
    2. If it goes through a proxy, set HTTPS_PROXY, and bind the proxy's certificate
       (type ca-certificates) if it has one of its own.
    3. Or use the run image's Python, which needs no download: remove or widen
       the version in .python-version, line 2."
  `);
});

it("names the variable that asks for a release that can't be downloaded", () => {
  const origin = { kind: "variable", name: "BP_CPYTHON_VERSION" } as const;
  const { userMessage } = failure("download-failed", { ...AT_MIRROR, origin });

  expect(userMessage.body).toContain("remove or widen\n   BP_CPYTHON_VERSION.");
});

it("asks for no change of the app where a release of an earlier build is downloaded again", () => {
  const { blame, body } = failure("download-failed", {
    ...AT_MIRROR,
    origin: undefined,
  }).userMessage;

  expect(blame).toBe("environment");
  expect(body).not.toContain("3. ");
});

it("says that uv has failed where its own list can't be had", () => {
  const facts = { url: undefined, output: "error: unexpected argument" };

  expect(renderMessage(failure("list-unavailable", facts).userMessage)).toMatchInlineSnapshot(`
    "[Error: The list of Python releases can't be read]

    uv lists the releases that it knows; it has failed.

    Nothing in the app needs to change. Once the cause is mended, build again.

    Details:
    error: unexpected argument"
  `);
});
