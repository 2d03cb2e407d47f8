import { readFile } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";

/**
 * How many compilers run at once: one a processor, and no more than memory allows. Containers often
 * see all of a machine's processors and memory, whatever share they have been given.
 */
export async function chooseJobs(
  memoryAJob = MEMORY_A_JOB,
  cgroup = "/sys/fs/cgroup",
): Promise<number> {
  const processors = Math.min(availableParallelism(), await readProcessorLimit(cgroup));
  const memory = Math.min(totalmem(), await readMemoryLimit(cgroup));
  return Math.max(1, Math.min(Math.floor(processors), Math.floor(memory / memoryAJob)));
}

/** Bytes. C++ with templates, as in pybind11, needs one to two GB for each file. */
const MEMORY_A_JOB = 1.5 * 1024 ** 3;

/**
 * Bytes, for nvcc with CUTLASS's templates.
 * https://github.com/Dao-AILab/flash-attention#installation-and-features
 */
export const MEMORY_OF_NVCC = 4 * 1024 ** 3;

/** See https://docs.kernel.org/admin-guide/cgroup-v2.html, cpu.max: "<quota> <period>". */
async function readProcessorLimit(cgroup: string): Promise<number> {
  const [quota, period] = (await readIfPresent(`${cgroup}/cpu.max`)).split(" ");
  const limit = Number(quota) / Number(period);
  return limit > 0 ? Math.max(1, limit) : Number.POSITIVE_INFINITY;
}

async function readMemoryLimit(cgroup: string): Promise<number> {
  const text =
    (await readIfPresent(`${cgroup}/memory.max`)) ||
    (await readIfPresent(`${cgroup}/memory/memory.limit_in_bytes`));
  const limit = Number.parseInt(text, 10);
  return limit > 0 ? limit : Number.POSITIVE_INFINITY;
}

async function readIfPresent(path: string): Promise<string> {
  return readFile(path, "utf8").then(
    (content) => content.trim(),
    () => "",
  );
}
