import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createLog } from "../../src/kit/log.ts";
import { lockRecordSchema, recordLock, useRecorded } from "../../src/python/lock-record.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const SHA256 = "a".repeat(64);
const LOCKED = {
  lock: [{ from: "wheel", name: "tool", version: "1.0", sha256: SHA256 }],
  accelerated: { accelerator: "cpu" },
  packages: [{ name: "tool", version: "1.0" }],
} as const;

it("gives back what it has recorded, and says so", async () => {
  const recorded = await recordLock(LOCKED, { path: await temporaryDirectory(), python: "3.13" });
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  const log = createLog({ out: print, err: print, debug: false });

  expect(useRecorded(lockRecordSchema.parse(recorded), log)).toEqual({
    lock: LOCKED.lock,
    accelerated: LOCKED.accelerated,
  });
  expect(lines).toEqual(["Using cached lock of 1 package\n"]);
});

it("writes pylock.toml for the image", async () => {
  const path = await temporaryDirectory();

  await recordLock(LOCKED, { path, python: "3.13" });

  expect(await readFile(join(path, "pylock.toml"), "utf8")).toMatchInlineSnapshot(`
    "lock-version = "1.0"
    created-by = "ml-buildpacks"
    requires-python = "~=3.13.0"

    [[packages]]
    name = "tool"
    version = "1.0"
    "
  `);
});
