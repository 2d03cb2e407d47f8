import { readFile, statfs } from "node:fs/promises";
import { setInterval } from "node:timers/promises";

/** What the whole machine spent while something ran: engine, registry and index included. */
export interface Spent {
  /** Wall time. */
  readonly seconds: number;
  /** Of all processors together. */
  readonly cpuSeconds: number;
  /** The most that processes and the kernel held beyond what they held before; no page cache. */
  readonly peakMemoryBytes: number;
  /** The most that the file system of `disk` had beyond what it had before. */
  readonly peakDiskBytes: number;
}

/** Runs something, and watches the machine until it ends. Another load on the machine would count, too. */
export async function watchMachine<T>(
  disk: string,
  action: () => Promise<T>,
): Promise<{ readonly result: T; readonly spent: Spent }> {
  const before = await look(disk);
  const most = { ...before };
  const stop = new AbortController();
  const watching = watch(disk, most, stop.signal);
  const start = process.hrtime.bigint();
  try {
    const result = await action();
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    const cpuSeconds = (await readCpuSeconds()) - before.cpuSeconds;
    return {
      result,
      spent: {
        ...{ seconds, cpuSeconds },
        peakMemoryBytes: most.memoryBytes - before.memoryBytes,
        peakDiskBytes: most.diskBytes - before.diskBytes,
      },
    };
  } finally {
    stop.abort();
    await watching;
  }
}

interface State {
  readonly cpuSeconds: number;
  memoryBytes: number;
  diskBytes: number;
}

async function watch(disk: string, most: State, signal: AbortSignal): Promise<void> {
  try {
    for await (const _ of setInterval(SAMPLE_MS, undefined, { signal })) {
      const { memoryBytes, diskBytes } = await look(disk);
      most.memoryBytes = Math.max(most.memoryBytes, memoryBytes);
      most.diskBytes = Math.max(most.diskBytes, diskBytes);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

// A sample takes 0.2 ms of one processor.
const SAMPLE_MS = 50;

async function look(disk: string): Promise<State> {
  const [cpuSeconds, memoryBytes, { blocks, bfree, bsize }] = await Promise.all([
    readCpuSeconds(),
    readFile("/proc/meminfo", "utf8").then(heldMemory),
    statfs(disk),
  ]);
  return { cpuSeconds, memoryBytes, diskBytes: (blocks - bfree) * bsize };
}

async function readCpuSeconds(): Promise<number> {
  return cpuSecondsOf(await readFile("/proc/stat", "utf8"));
}

/** Of /proc/stat: https://docs.kernel.org/filesystems/proc.html#miscellaneous-kernel-statistics-in-proc-stat */
export function cpuSecondsOf(stat: string): number {
  const [, ...ticks] = (stat.split("\n")[0] ?? "").trim().split(/\s+/).map(Number);
  const [user = 0, nice = 0, system = 0, _idle, _waiting, interrupts = 0, softInterrupts = 0] =
    ticks;
  return (user + nice + system + interrupts + softInterrupts) / TICKS_PER_SECOND;
}

// USER_HZ, which is the same on all of Linux' architectures that matter: https://man7.org/linux/man-pages/man7/time.7.html
const TICKS_PER_SECOND = 100;

/**
 * Of /proc/meminfo: what is in use and can't be dropped, in bytes. Files in a tmpfs count; the page
 * cache and the kernel's own caches don't.
 */
export function heldMemory(meminfo: string): number {
  const kilobytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(meminfo)?.[1] ?? 0);
  const droppable = kilobytes("Buffers") + kilobytes("Cached") + kilobytes("SReclaimable");
  const inUse = kilobytes("MemTotal") - kilobytes("MemFree");
  return (inUse - droppable + kilobytes("Shmem")) * 1024;
}
