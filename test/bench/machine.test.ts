import { expect, test } from "vitest";
import { cpuSecondsOf, heldMemory, watchMachine } from "../../bench/machine.ts";

test("time counts in which processors worked, and not that in which they waited", () => {
  const stat = `cpu  1000 20 300 90000 500 7 8 900 0 0
cpu0 500 10 150 45000 250 3 4 450 0 0
ctxt 1`;
  expect(cpuSecondsOf(stat)).toBeCloseTo((1000 + 20 + 300 + 7 + 8) / 100);
});

test("memory that could be dropped does not count, and files in memory do", () => {
  const meminfo = `MemTotal:       24000000 kB
MemFree:        10000000 kB
MemAvailable:   20000000 kB
Buffers:          200000 kB
Cached:          9000000 kB
SwapCached:            0 kB
Shmem:             50000 kB
SReclaimable:     300000 kB
`;
  expect(heldMemory(meminfo)).toBe((14_000_000 - 9_500_000 + 50_000) * 1024);
});

test("what something spends is told with what it gives", async () => {
  const { result, spent } = await watchMachine("/", async () => await Promise.resolve("done"));
  expect(result).toBe("done");
  expect(spent.seconds).toBeGreaterThan(0);
  expect(spent.peakMemoryBytes).toBeGreaterThanOrEqual(0);
  expect(spent.peakDiskBytes).toBeGreaterThanOrEqual(0);
});

test("watching ends with what is watched, also where that fails", async () => {
  const failing = watchMachine("/", async () => await Promise.reject(new Error("no luck")));
  await expect(failing).rejects.toThrow("no luck");
});
