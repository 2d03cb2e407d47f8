import { describe, expect, it } from "vitest";
import { formatRecord, parseRecord } from "../../../src/python/environment/record-file.ts";

describe("RECORD", () => {
  it.each([
    ["a/b.py,sha256=x_-,12", { path: "a/b.py", hash: "sha256=x_-", size: 12 }],
    ["a-1.dist-info/RECORD,,", { path: "a-1.dist-info/RECORD", hash: "", size: undefined }],
    ['"a,b/c ""d"".py",sha256=x,0', { path: 'a,b/c "d".py', hash: "sha256=x", size: 0 }],
    ["../../../bin/run,sha256=x,7", { path: "../../../bin/run", hash: "sha256=x", size: 7 }],
  ])("%s", (line, entry) => {
    expect(parseRecord(`${line}\r\n`)).toEqual([entry]);
    expect(formatRecord([entry])).toBe(`${line}\n`);
  });
});
