import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  append,
  applyDelta,
  defaultTo,
  override,
  prepend,
  writeDelta,
} from "../../src/cnb/layer-env.ts";
import { temporaryDirectory } from "../support/temporary.ts";

describe("applyDelta", () => {
  it.each([
    ["override replaces", override("new"), "old", "new"],
    ["default fills in", defaultTo("new"), undefined, "new"],
    ["default yields to a value", defaultTo("new"), "old", "old"],
    // As the lifecycle has it: a variable that is set to nothing is set.
    ["default yields to an empty value", defaultTo("new"), "", ""],
    ["prepend comes first", prepend("new", ":"), "old", "new:old"],
    ["prepend to nothing has no delimiter", prepend("new", ":"), undefined, "new"],
    ["append comes last", append("new", ":"), "old", "old:new"],
    ["append to an empty value has no delimiter", append("new", ":"), "", "new"],
  ])("%s", (_what, change, before, after) => {
    const env = applyDelta({ NAME: before }, { all: { NAME: change } }, "build");

    expect(env["NAME"]).toBe(after);
  });

  it("applies what is for both phases before what is for one", () => {
    const delta = { all: { A: override("all") }, launch: { A: append("launch", " ") } };

    expect(applyDelta({}, delta, "launch")).toEqual({ A: "all launch" });
    expect(applyDelta({}, delta, "build")).toEqual({ A: "all" });
  });
});

describe("writeDelta", () => {
  it("writes one file per change, without a newline, and the delimiter beside it", async () => {
    const path = await temporaryDirectory();

    await writeDelta(path, {
      build: { CPATH: prepend("/include", ":") },
      launch: { HOME_OF_IT: override("/opt") },
      process: { web: { PORT: defaultTo("8080") } },
    });

    expect(await filesIn(path)).toEqual({
      "env.build/CPATH.prepend": "/include",
      "env.build/CPATH.delim": ":",
      "env.launch/HOME_OF_IT.override": "/opt",
      "env.launch/web/PORT.default": "8080",
    });
  });

  it("refuses a name that no shell could set", async () => {
    const path = await temporaryDirectory();

    await expect(writeDelta(path, { all: { "A-B": override("x") } })).rejects.toThrow(
      /made of letters, digits and '_'.*A-B/,
    );
  });
});

async function filesIn(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Object.fromEntries(
    await Promise.all(
      files.map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(root.length + 1), await readFile(path, "utf8")] as const;
      }),
    ),
  );
}
