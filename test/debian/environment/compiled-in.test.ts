import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { findCompiledIn } from "../../../src/debian/environment/compiled-in.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { packageIndex } from "../packages.ts";
import { writeElf } from "./elf-file.ts";

const TRIPLET = "x86_64-linux-gnu";

it("names the places that a package's programs look for and no variable tells them", async () => {
  const found = await findIn("usr/share/nodejs/acorn.js", "/usr/share/nodejs/acorn.js");

  expect(found).toEqual([{ package: "app", places: ["/usr/share/nodejs"] }]);
});

it.each([
  ["a variable tells", "usr/share/proj/proj.db", "/usr/share/proj"],
  ["the image has as well", "usr/share/doc/a", "/usr/share/doc"],
  ["the tree has not", "usr/share/app/a", "/usr/share/other"],
])("says nothing of a place that %s", async (_, path, text) => {
  expect(await findIn(path, text)).toEqual([]);
});

async function findIn(path: string, text: string) {
  const root = await temporaryDirectory();
  await writeFiles(root, { [path]: "" });
  const program = join(root, "usr/bin/app");
  await mkdir(dirname(program), { recursive: true });
  await writeElf(program, { text: `\0${text}\0` });
  const index = packageIndex("app", ["usr/bin/app"]);
  return findCompiledIn(root, TRIPLET, [index]);
}
