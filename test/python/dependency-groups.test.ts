import { describe, expect, it } from "vitest";
import { readDependencyGroups } from "../../src/python/dependency-groups.ts";

const GROUPS = {
  serve: ["gunicorn>=23", { "include-group": "Logging_Extra" }],
  "logging-extra": ["structlog"],
  all: [{ "include-group": "serve" }, { "include-group": "logging-extra" }, "six"],
};

describe("requirements of a group", () => {
  it.each([
    ["logging-extra", ["structlog"]],
    ["Logging.Extra", ["structlog"]],
    ["serve", ["gunicorn>=23", "structlog"]],
    ["all", ["gunicorn>=23", "structlog", "six"]],
  ])("%s", (name, expected) => {
    const groups = readDependencyGroups({ "dependency-groups": GROUPS });

    expect(groups.requirementsOf(name)).toEqual(expected);
  });

  it("there are none without the table", () => {
    expect(readDependencyGroups({}).names).toEqual([]);
  });
});

describe("what is no group", () => {
  it.each([
    [{ a: [{ "include-group": "a" }] }, "[dependency-groups] a → a: a group includes itself"],
    [
      { a: [{ "include-group": "b" }], b: [{ "include-group": "a" }] },
      "[dependency-groups] a → b → a: a group includes itself",
    ],
    [{ a: [{ "include-group": "b" }] }, "[dependency-groups] a → b: there is no group b"],
    [
      { a: ["six", 5] },
      '[dependency-groups] a.1: a requirement as text, or {include-group = "…"}, is needed',
    ],
    [
      { a: [{ include: "b" }] },
      '[dependency-groups] a.0: a requirement as text, or {include-group = "…"}, is needed',
    ],
  ])("%j", (table, message) => {
    expect(() => readDependencyGroups({ "dependency-groups": table }).requirementsOf("a")).toThrow(
      message,
    );
  });
});
