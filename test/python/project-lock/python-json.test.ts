import { expect, it } from "vitest";
import { pythonJson } from "../../../src/python/project-lock/python-json.ts";

// Each is what json.dumps(value, sort_keys=True) of Python prints.
it.each([
  [null, "null"],
  [true, "true"],
  [1, "1"],
  [1.5, "1.5"],
  [[], "[]"],
  [{}, "{}"],
  [["a", 1, { b: null }], '["a", 1, {"b": null}]'],
  [{ b: 1, a: { d: [], c: "x" } }, '{"a": {"c": "x", "d": []}, "b": 1}'],
  ["é € 😀", '"\\u00e9 \\u20ac \\ud83d\\ude00"'],
  ['"quoted" \\ \n \t \u0001 \u007f /', '"\\"quoted\\" \\\\ \\n \\t \\u0001 \\u007f /"'],
  // By code points: JavaScript's own order has the second first.
  [{ "\uffee": 1, "😀": 2 }, '{"\\uffee": 1, "\\ud83d\\ude00": 2}'],
])("%j", (value, expected) => {
  expect(pythonJson(value)).toBe(expected);
});
