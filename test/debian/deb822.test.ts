import { expect, test } from "vitest";
import { parseParagraphs, parsePlacedParagraphs } from "../../src/debian/deb822.ts";

test("paragraphs hold fields, continued over lines, without comments", () => {
  const text =
    "# top\nPackage: one\nDescription: short\n long\n .\n  code\n\n\nPackage: two\n# between\nEmpty:\n";

  expect(parseParagraphs(text).map((fields) => Object.fromEntries(fields))).toEqual([
    { package: "one", description: "short\nlong\n.\n code" },
    { package: "two", empty: "" },
  ]);
});

test("lines are counted, and those that are no field are told", () => {
  expect(
    parsePlacedParagraphs("\nA: 1\n\n begins with a blank\nB: 2\nno field\n").map(
      ({ line, stray }) => ({ line, stray }),
    ),
  ).toEqual([
    { line: 2, stray: [] },
    {
      line: 4,
      stray: [
        { line: 4, text: " begins with a blank" },
        { line: 6, text: "no field" },
      ],
    },
  ]);
});
