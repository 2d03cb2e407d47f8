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
