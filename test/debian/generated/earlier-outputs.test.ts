import { readFile, readlink, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { keepOutput, restoreOutput } from "../../../src/debian/generated/earlier-outputs.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

it("gives the files of equal inputs again, and of no others", async () => {
  const earlier = { directory: await temporaryDirectory(), makeWhole: async () => {} };
  const making = { name: "the list of fonts", inputs: "a" };
  const first = await temporaryDirectory();
  await writeFiles(first, { "etc/old": "1", "etc/replaced": "1" });
  const made = await keepOutput(earlier, making, first, async () => {
    await rm(join(first, "etc/replaced"));
    await writeFiles(first, { "etc/replaced": "2", "var/cache/new": "3" });
    await symlink("new", join(first, "var/cache/link"));
    return "of 2 files";
  });
  const second = await temporaryDirectory();
  await writeFiles(second, { "etc/old": "other", "etc/replaced": "other" });

  expect(await restoreOutput(earlier, { ...making, inputs: "b" }, second)).toBeUndefined();
  expect(await restoreOutput(earlier, { ...making, name: "another" }, second)).toBeUndefined();
  expect(await restoreOutput(earlier, making, second)).toEqual(made);
  expect(made).toEqual({ summary: "of 2 files" });
  expect(await readFile(join(second, "etc/old"), "utf8")).toBe("other");
  expect(await readFile(join(second, "etc/replaced"), "utf8")).toBe("2");
  expect(await readFile(join(second, "var/cache/new"), "utf8")).toBe("3");
  expect(await readlink(join(second, "var/cache/link"))).toBe("new");
});

it("knows what an app needs nothing of", async () => {
  const earlier = { directory: await temporaryDirectory(), makeWhole: async () => {} };
  const making = { name: "the list of fonts", inputs: "a" };
  const tree = await temporaryDirectory();
  await keepOutput(earlier, making, tree, async () => undefined);

  expect(await restoreOutput(earlier, making, tree)).toEqual({ summary: undefined });
});
