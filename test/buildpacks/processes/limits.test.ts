import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { capture } from "../../../src/kit/command.ts";
import script from "../../../src/buildpacks/processes/layers/limits.sh";
import { temporaryDirectory } from "../../support/temporary.ts";

/** What a container sees: its files below "/", and its environment. */
interface Container {
  readonly files: { readonly [path: string]: string };
  readonly env?: { readonly [name: string]: string };
}

const EIGHT = {
  "/proc/self/status": "Name:\tsh\nCpus_allowed:\tff\nCpus_allowed_list:\t0-7\n",
  "/sys/devices/system/cpu/online": "0-7\n",
};
const V2 = { ...EIGHT, "/proc/self/cgroup": "0::/\n" };

describe("the thread and worker counts of a container", () => {
  test("are the libraries' own where there is no limit", async () => {
    const variables = await variablesIn({
      files: { ...V2, "/sys/fs/cgroup/cpu.max": "max 100000\n" },
    });

    expect(variables).toEqual({ WEB_CONCURRENCY: "1" });
  });

  test("follow a limit, for every library", async () => {
    const variables = await variablesIn({
      files: { ...V2, "/sys/fs/cgroup/cpu.max": "200000 100000\n" },
    });

    expect(variables).toEqual({
      WEB_CONCURRENCY: "1",
      OMP_NUM_THREADS: "2",
      OPENBLAS_NUM_THREADS: "2",
      MKL_NUM_THREADS: "2",
      NUMEXPR_NUM_THREADS: "2",
      NUMBA_NUM_THREADS: "2",
      RAYON_NUM_THREADS: "2",
      POLARS_MAX_THREADS: "2",
      PYTHON_CPU_COUNT: "2",
      LOKY_MAX_CPU_COUNT: "2",
    });
  });

  test.each<[string, Container, string | undefined]>([
    ["a part of a CPU", { files: { ...V2, "/sys/fs/cgroup/cpu.max": "25000 100000" } }, "1"],
    ["one and a half", { files: { ...V2, "/sys/fs/cgroup/cpu.max": "150000 100000" } }, "2"],
    [
      "more than the machine has",
      { files: { ...V2, "/sys/fs/cgroup/cpu.max": "1600000 100000" } },
      undefined,
    ],
    [
      "a group below the mounted root",
      {
        files: {
          ...EIGHT,
          "/proc/self/cgroup": "0::/kubepods/pod1/c1\n",
          "/sys/fs/cgroup/kubepods/pod1/c1/cpu.max": "400000 100000",
        },
      },
      "4",
    ],
    [
      "the limit of a group above, which is lower",
      {
        files: {
          ...EIGHT,
          "/proc/self/cgroup": "0::/kubepods/pod1/c1\n",
          "/sys/fs/cgroup/kubepods/pod1/c1/cpu.max": "400000 100000",
          "/sys/fs/cgroup/kubepods/pod1/cpu.max": "300000 100000",
        },
      },
      "3",
    ],
    [
      "cgroup v1",
      {
        files: {
          ...EIGHT,
          "/proc/self/cgroup": "5:cpu,cpuacct:/docker/1\n",
          "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "300000\n",
          "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
        },
      },
      "3",
    ],
    [
      "cgroup v1 without a limit",
      {
        files: {
          ...EIGHT,
          "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
          "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
        },
      },
      undefined,
    ],
    [
      "a set of CPUs",
      { files: { ...V2, "/proc/self/status": "Cpus_allowed_list:\t0-1,6\n" } },
      "3",
    ],
    ["no cgroup at all", { files: EIGHT }, undefined],
    [
      // The shell would read an octal number, or divide by zero, and the app would not start.
      "workers with leading zeros",
      {
        files: { ...V2, "/sys/fs/cgroup/cpu.max": "400000 100000" },
        env: { WEB_CONCURRENCY: "08" },
      },
      "4",
    ],
    ["several workers, which share the CPUs", { files: V2, env: { WEB_CONCURRENCY: "2" } }, "4"],
    [
      "more workers than CPUs",
      {
        files: { ...V2, "/sys/fs/cgroup/cpu.max": "200000 100000" },
        env: { WEB_CONCURRENCY: "5" },
      },
      "1",
    ],
    [
      "a count of workers that is none",
      {
        files: { ...V2, "/sys/fs/cgroup/cpu.max": "200000 100000" },
        env: { WEB_CONCURRENCY: "auto" },
      },
      "2",
    ],
  ])("with %s", async (_name, container, threads) => {
    expect((await variablesIn(container))["OMP_NUM_THREADS"]).toBe(threads);
  });

  test("are left as the user has set them", async () => {
    const variables = await variablesIn({
      files: { ...V2, "/sys/fs/cgroup/cpu.max": "200000 100000" },
      env: { OMP_NUM_THREADS: "7", WEB_CONCURRENCY: "1" },
    });

    expect(Object.keys(variables)).not.toContain("OMP_NUM_THREADS");
    expect(Object.keys(variables)).not.toContain("WEB_CONCURRENCY");
    expect(variables["MKL_NUM_THREADS"]).toBe("2");
  });
});

/** Runs the script against a made-up container, by moving the paths that it reads. */
async function variablesIn({ files, env = {} }: Container): Promise<Record<string, string>> {
  const root = await temporaryDirectory();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  const moved = script.replaceAll(/\/(sys|proc)\//g, `${root}/$1/`);
  await writeFile(join(root, "limits.sh"), moved);
  const options = { env: { PATH: process.env["PATH"], ...env } };
  const run = ["-c", 'exec 3>&1 1>&2; exec sh "$0"', join(root, "limits.sh")];
  const { stdout, stderr } = await capture("sh", run, options);

  expect(stderr).toBe("");
  return Object.fromEntries(
    stdout
      .trim()
      .split("\n")
      .map((line) => /^(\w+) = "(\w+)"$/.exec(line)?.slice(1) as [string, string]),
  );
}
