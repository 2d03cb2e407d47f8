import { describe, expect, it } from "vitest";
import { isSatisfiedBy, parseVersionRequest } from "../../../src/python/version/version-request.ts";

const VERSIONS = ["3.10.2", "3.11.0", "3.11.9", "3.12.4", "3.12.10", "3.13.5", "4.0.0"];

describe("a request", () => {
  it.each<[string, string[]]>([
    ["3", ["3.10.2", "3.11.0", "3.11.9", "3.12.4", "3.12.10", "3.13.5"]],
    ["3.*", ["3.10.2", "3.11.0", "3.11.9", "3.12.4", "3.12.10", "3.13.5"]],
    ["3.12", ["3.12.4", "3.12.10"]],
    ["3.1", []],
    ["3.12.*", ["3.12.4", "3.12.10"]],
    ["3.12.1", []],
    ["3.12.4", ["3.12.4"]],
    [" 3.12.4\r", ["3.12.4"]],
    ["==3.12.*", ["3.12.4", "3.12.10"]],
    [">=3.11,<3.13", ["3.11.0", "3.11.9", "3.12.4", "3.12.10"]],
    [">= 3.11 , < 3.13,", ["3.11.0", "3.11.9", "3.12.4", "3.12.10"]],
    [">=3.11,!=3.12.*", ["3.11.0", "3.11.9", "3.13.5", "4.0.0"]],
    ["~=3.11", ["3.11.0", "3.11.9", "3.12.4", "3.12.10", "3.13.5"]],
    ["~=3.11.2", ["3.11.9"]],
    ["^3.11", ["3.11.0", "3.11.9", "3.12.4", "3.12.10", "3.13.5"]],
    ["^3.12.5", ["3.12.10", "3.13.5"]],
    ["~3.11", ["3.11.0", "3.11.9"]],
    ["~3.12.5", ["3.12.10"]],
    ["python-3.11.9", ["3.11.9"]],
    ["Python-3.11.9", ["3.11.9"]],
    ["cpython@3.12", ["3.12.4", "3.12.10"]],
    ["cpython-3.12.4", ["3.12.4"]],
    ["system", VERSIONS],
    ["*", VERSIONS],
  ])("for %j is satisfied by these", (text, expected) => {
    const { request } = parseVersionRequest(text);

    expect(VERSIONS.filter((version) => request && isSatisfiedBy(request, version))).toEqual(
      expected,
    );
  });

  it("is not satisfied by a prerelease", () => {
    const { request } = parseVersionRequest(">=3.9");

    expect(request && isSatisfiedBy(request, "3.16.0a2")).toBe(false);
  });
});

describe("a text that is no request", () => {
  it.each<[string, string | undefined]>([
    ["v3.12", "3.12"],
    ["=3.11", "3.11"],
    ["3.x", "3"],
    ["3.12.x", "3.12"],
    ['"3.12"', "3.12"],
    ["version 3.12", "3.12"],
    ["312", "3.12"],
    ["latest", undefined],
    ["3.12.4.1", undefined],
    ["^3.9 || ^3.11", undefined],
    [">=3.10.*", undefined],
    [">3.10 <3.12", undefined],
    [",", undefined],
    ["^", undefined],
    ["3.12,3.11", undefined],
  ])("such as %j is one of form, and may be near to one (%j)", (text, hint) => {
    expect(parseVersionRequest(text).issue).toEqual({ kind: "form", hint });
  });

  it.each([
    ["pypy3.10-7.3.17", "implementation"],
    ["graalpy-24.1.1", "implementation"],
    ["miniconda3-latest", "implementation"],
    ["3.13t", "free-threaded"],
    ["3.14.0+freethreaded", "free-threaded"],
    ["3.15.0rc1", "prerelease"],
    ["3.15-dev", "prerelease"],
  ])("such as %j is refused as %s", (text, kind) => {
    expect(parseVersionRequest(text).issue?.kind).toBe(kind);
  });
});
