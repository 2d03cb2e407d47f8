import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { findCompiledIn } from "../../../src/debian/environment/compiled-in.ts";
import type { PackageIndex } from "../../../src/debian/package-index.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { packageIndex } from "../packages.ts";
import { writeElf } from "./elf-file.ts";

const TRIPLET = "x86_64-linux-gnu";

it("names the places that a package's programs look for and no variable tells them", async () => {
  const found = await findIn("usr/share/nodejs/acorn.js", "/usr/share/nodejs/acorn.js");

  expect(found).toEqual([{ package: "app", places: ["/usr/share/nodejs"], concerns: [] }]);
});

it("names the packages that may suffer: with files there, or of the same source", async () => {
  const found = await findIn("usr/lib/sox/mp3.so", "/usr/lib/sox", [
    packageIndex("libsox-fmt-mp3", ["usr/lib/sox/mp3.so"]),
    { ...packageIndex("app-tools", ["usr/bin/tool"]), source: "app" },
    packageIndex("other", ["usr/lib/soxr"]),
  ]);

  expect(found).toEqual([
    { package: "app", places: ["/usr/lib/sox"], concerns: ["app-tools", "libsox-fmt-mp3"] },
  ]);
});

it.each([
  ["a variable tells", "usr/share/proj/proj.db", "/usr/share/proj"],
  ["the image has as well", "usr/share/doc/a", "/usr/share/doc"],
  ["the program does without", "usr/share/fonts/truetype/a.ttf", "/usr/share/fonts/truetype"],
  ["the tree has not", "usr/share/app/a", "/usr/share/other"],
])("says nothing of a place that %s", async (_, path, text) => {
  expect(await findIn(path, text)).toEqual([]);
});

async function findIn(path: string, text: string, others: readonly PackageIndex[] = []) {
  const root = await temporaryDirectory();
  await writeFiles(root, { [path]: "" });
  const program = join(root, "usr/bin/app");
  await mkdir(dirname(program), { recursive: true });
  await writeElf(program, { text: `\0${text}\0` });
  const index = packageIndex("app", ["usr/bin/app"]);
  return findCompiledIn(root, TRIPLET, [index, ...others]);
}
