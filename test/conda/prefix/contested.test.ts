import { expect, it } from "vitest";
import { contestedPaths } from "../../../src/conda/prefix/contested.ts";
import { recordOf } from "./records.ts";

it("tells of each path that several packages have a file for whose is there", () => {
  const records = [
    recordOf("b", [{ _path: "__clobbers__/b/share/both", original_path: "share/both" }, "lib/b"]),
    recordOf("a", ["share/both", "lib/a"]),
    recordOf("c", ["share/unknown"]),
    recordOf("d", ["share/unknown"]),
    recordOf("e", [{ _path: "share", path_type: "directory" }]),
    recordOf("f", [{ _path: "share", path_type: "directory" }]),
  ];

  expect(contestedPaths(records)).toEqual([
    { path: "share/both", owners: ["a", "b"], winner: "a" },
    { path: "share/unknown", owners: ["c", "d"], winner: undefined },
  ]);
});
