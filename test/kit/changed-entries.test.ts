import { expect, it } from "vitest";
import { changedEntries, describeEntry } from "../../src/kit/changed-entries.ts";

it.each([
  [{ a: "1" }, { a: "1" }, []],
  [
    { b: "1", gone: "1", a: "1" },
    { new: "1", a: "2", b: "1" },
    ["new is new", "a has changed", "gone is gone"],
  ],
  // An order is no entry.
  [
    ["x", "y", "z"],
    ["z", "x", "w"],
    ["w is new", "y is gone"],
  ],
  // Facts that a build did not know, and what somebody else wrote.
  [undefined, { a: "1" }, ["a is new"]],
  [{ a: "1" }, undefined, ["a is gone"]],
  ["text", { a: "1" }, ["a is new"]],
] as const)("of %j to %j", (found, wanted, lines) => {
  expect(changedEntries({ found, wanted }).map((one) => describeEntry(one))).toEqual(lines);
});

it("says in other words what is gone", () => {
  const entry = { name: "base.txt", found: "1", wanted: undefined };

  expect(describeEntry(entry, "is not used any more")).toBe("base.txt is not used any more");
});
