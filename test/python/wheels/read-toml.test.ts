import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTomlOfSource } from "../../../src/python/wheels/read-toml.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const TEXT = '[project]\nname = "café"\n';

describe("a source's TOML file", () => {
  it.each<[string, Buffer]>([
    ["plain", Buffer.from(TEXT)],
    ["with a byte order mark", Buffer.from(`\uFEFF${TEXT}`)],
    ["in UTF-16", Buffer.from(`\uFEFF${TEXT}`, "utf16le")],
  ])("is read, and left as build backends read it: %s", async (_, bytes) => {
    const path = await fileOf(bytes);

    expect(await readTomlOfSource(path)).toEqual({ project: { name: "café" } });
    expect(await readFile(path, "utf8")).toBe(TEXT);
  });

  it("is left alone without a byte order mark", async () => {
    const path = await fileOf(Buffer.from("a = 1\r\n"));

    await readTomlOfSource(path);

    expect(await readFile(path, "utf8")).toBe("a = 1\r\n");
  });

  it("may be absent", async () => {
    expect(await readTomlOfSource(join(await temporaryDirectory(), "none"))).toBe(undefined);
  });

  it("is refused where it is no text", async () => {
    const path = await fileOf(Buffer.from('a = 1\nb = "\xe9"\n', "latin1"));

    await expect(readTomlOfSource(path)).rejects.toMatchObject({
      name: "TomlError",
      line: 2,
      message: "not text in UTF-8",
    });
  });
});

async function fileOf(bytes: Buffer): Promise<string> {
  const path = join(await temporaryDirectory(), "pyproject.toml");
  await writeFile(path, bytes);
  return path;
}
