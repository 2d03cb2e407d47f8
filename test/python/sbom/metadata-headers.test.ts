import { describe, expect, it } from "vitest";
import { headerOf, parseMetadataHeaders } from "../../../src/python/sbom/metadata-headers.ts";

describe("parseMetadataHeaders", () => {
  it("reads names in any case, repeated headers and continuation lines", () => {
    const headers = parseMetadataHeaders(
      [
        "Metadata-Version: 2.1",
        "Name: Demo",
        "CLASSIFIER: A",
        "Classifier: B",
        "License: First line",
        "        Second line",
        "\tthird: line",
        "",
        "Name: not a header, but the description",
      ].join("\n"),
    );

    expect(Object.fromEntries(headers)).toEqual({
      "metadata-version": ["2.1"],
      name: ["Demo"],
      classifier: ["A", "B"],
      license: ["First line\nSecond line\nthird: line"],
    });
  });

  it.each([
    ["CRLF", "Name: demo\r\nVersion: 1\r\n\r\nText"],
    ["a byte order mark", "\uFEFFName: demo\nVersion: 1\n"],
    ["no final newline", "Name: demo\nVersion: 1"],
    ["a space before the colon", "Name : demo\nVersion: 1"],
    ["a line that is no header", "Name: demo\nPermission is hereby granted\nVersion: 1"],
    ["a continuation before any header", "  lost\nName: demo\nVersion: 1"],
    ["a colon in the value", "Name: demo\nVersion: 1\nHome-page: https://example.org"],
  ])("copes with %s", (_, content) => {
    const headers = parseMetadataHeaders(content);

    expect([headerOf(headers, "name"), headerOf(headers, "version")]).toEqual(["demo", "1"]);
  });

  it("knows no headers in an empty file", () => {
    expect(parseMetadataHeaders("").size).toBe(0);
  });
});

describe("headerOf", () => {
  it.each([
    ["License: MIT", "MIT"],
    ["License:", undefined],
    ["License: UNKNOWN", undefined],
    ["Author: Somebody", undefined],
  ])("%j has the licence %j", (content, expected) => {
    expect(headerOf(parseMetadataHeaders(content), "license")).toBe(expected);
  });
});
