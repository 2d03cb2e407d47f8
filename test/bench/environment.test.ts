import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { digestOfBenchmark } from "../../bench/environment.ts";
import { temporaryDirectory } from "../support/temporary.ts";

it("knows the benchmark by what is measured, and not by how that is told", async () => {
  const folder = await temporaryDirectory();
  await mkdir(join(folder, "report"));
  await mkdir(join(folder, "apps/report"), { recursive: true });
  const put = async (path: string, text: string) => {
    await writeFile(join(folder, path), text);
    return await digestOfBenchmark(folder);
  };
  const before = await put("round.ts", "1");
  expect(await put("README.md", "2")).toBe(before);
  expect(await put("report/words.ts", "3")).toBe(before);
  const other = await put("round.ts", "4");
  expect(other).not.toBe(before);
  expect(await put("apps/report/main.py", "5")).not.toBe(other);
});
