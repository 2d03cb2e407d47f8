import { availableParallelism } from "node:os";
import { expect, it } from "vitest";
import { chooseJobs } from "../../../src/python/wheels/jobs.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

async function jobsIn(files: { readonly [path: string]: string }): Promise<number> {
  const cgroup = await temporaryDirectory();
  await writeFiles(cgroup, files);
  return chooseJobs(undefined, cgroup);
}

const GIB = 1024 ** 3;

it.each([
  ["one processor of many", { "cpu.max": "100000 100000\n", "memory.max": "max\n" }, 1],
  ["a share of a processor", { "cpu.max": "50000 100000\n" }, 1],
  ["memory for one compiler", { "memory.max": `${2 * GIB}\n` }, 1],
  ["hardly any memory", { "memory.max": `${GIB / 4}\n` }, 1],
  ["an older kernel's limit", { "memory/memory.limit_in_bytes": `${2 * GIB}\n` }, 1],
])("with %s", async (_, files, expected) => {
  expect(await jobsIn(files)).toBe(expected);
});

it("is never more than there are processors", async () => {
  const jobs = await jobsIn({ "cpu.max": "max 100000\n", "memory.max": "max\n" });

  expect(jobs).toBeGreaterThan(0);
  expect(jobs).toBeLessThanOrEqual(availableParallelism());
});
