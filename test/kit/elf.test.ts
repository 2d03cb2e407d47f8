import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readElf } from "../../src/kit/elf.ts";
import { DT_NEEDED, DT_RPATH, DT_RUNPATH, DT_SONAME, elfStub } from "../../src/kit/elf-stub.ts";
import { temporaryDirectory } from "../support/temporary.ts";

describe("the run paths of a shared object", () => {
  it.each<[string, [number, string][], string[]]>([
    ["RUNPATH", [[DT_RUNPATH, "$ORIGIN/../x.libs"]], ["$ORIGIN/../x.libs"]],
    ["RPATH with several", [[DT_RPATH, "$ORIGIN:$ORIGIN/../a"]], ["$ORIGIN", "$ORIGIN/../a"]],
    [
      "both",
      [
        [DT_RPATH, "a"],
        [DT_RUNPATH, "b"],
      ],
      ["a", "b"],
    ],
    ["neither", [], []],
    ["names of libraries, which are none", [[DT_NEEDED, "libx.so.1"]], []],
  ])("%s", async (_what, entries, paths) => {
    const elf = await readElf(await fileWith(elfStub(entries)));

    expect(elf?.runPaths).toEqual(paths);
  });

  it("stand beside its own name and those of the libraries that it needs", async () => {
    const file = await fileWith(
      elfStub([
        [DT_NEEDED, "libGL.so.1"],
        [DT_SONAME, "libdemo.so.2"],
        [DT_NEEDED, "libc.so.6"],
      ]),
    );

    expect(await readElf(file)).toEqual({
      soname: "libdemo.so.2",
      needed: ["libGL.so.1", "libc.so.6"],
      runPaths: [],
    });
  });

  it.each([
    ["an empty file", Buffer.alloc(0)],
    ["a linker script", Buffer.from("INPUT(libx.so.1)\n".repeat(10))],
    ["32-bit ELF", Buffer.concat([Buffer.from("\x7fELF\x01\x01"), Buffer.alloc(100)])],
    ["a file that is cut short", elfStub([[DT_RUNPATH, "x"]]).subarray(0, 100)],
  ])("none in %s", async (_what, content) => {
    expect(await readElf(await fileWith(content))).toBeUndefined();
  });
});

async function fileWith(content: Uint8Array): Promise<string> {
  const path = join(await temporaryDirectory(), "lib.so");
  await writeFile(path, content);
  return path;
}
