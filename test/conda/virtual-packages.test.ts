import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compatibility } from "../../src/accelerator/compatibility.ts";
import { readHardware } from "../../src/accelerator/handover.ts";
import type { Hardware } from "../../src/accelerator/hardware.ts";
import {
  findSystem,
  formatVirtualPackage,
  type SystemAsked,
} from "../../src/conda/virtual-packages.ts";
import { describeProblem } from "../../src/kit/wrong-lines.ts";
import { cudaBuilder, hardwareOf } from "../accelerator/support.ts";
import { temporaryDirectory } from "../support/temporary.ts";

describe("virtual packages", () => {
  test("are those of the target, without a GPU where nobody asks for one", async () => {
    expect(await packages({})).toEqual([
      "__archspec=1=x86_64",
      "__glibc=2.41=0",
      "__linux=4.18=0",
      "__unix=0=0",
    ]);
  });

  const cases: readonly (readonly [string, Hardware, readonly string[]])[] = [
    ["cpu", hardwareOf("cpu"), []],
    ["another accelerator", hardwareOf("rocm"), []],
    ["a version", hardwareOf("cuda==12.8"), ["__cuda=12.8=0"]],
    ["any version", hardwareOf("cuda"), [`__cuda=${compatibility().cuda.default}=0`]],
    ["the CUDA builder", cudaBuilder(), [`__cuda=${compatibility().cuda.default}=0`]],
    ["a range", hardwareOf("cuda<12.5"), ["__cuda=12.4=0"]],
    ["drivers", hardwareOf("cuda", "driver>=470"), ["__cuda=11.8=0"]],
    [
      "several GPUs",
      hardwareOf("cuda==12.8", "gpu h100", "gpu l4", "gpu a10g"),
      ["__cuda=12.8=0", "__cuda_arch=8.6=0"],
    ],
  ];
  test.each(cases)("say which CUDA there is: %s", async (_, hardware, expected) => {
    const all = await packages({ hardware });

    expect(all.filter((one) => one.startsWith("__cuda"))).toEqual(expected);
  });

  test("keep an earlier build's CUDA", async () => {
    const kept = await packages({ hardware: hardwareOf("cuda"), previousCuda: "12.6" });

    expect(kept).toContain("__cuda=12.6=0");
  });

  test("pass on what contradicts itself", async () => {
    const { problems } = await system({ hardware: hardwareOf("cuda==12.8", "gpu k80") });

    expect(problems.map(describeProblem).join("\n")).toMatchInlineSnapshot(`
      "hardware.txt, line 2: gpu k80
        The GPU k80 (Kepler, 3.7) needs CUDA up to 11.8, and hardware.txt, line 1, says cuda==12.8; write cuda==11.8 in hardware.txt, line 1."
    `);
  });

  test("have the build image's C library where the run image's is not known", async () => {
    const own = await packages({ statusFile: "/nowhere" });

    expect(own.find((one) => one.startsWith("__glibc"))).toMatch(/^__glibc=2\.\d\d=0$/);
  });
});

describe("the microarchitecture", () => {
  const known: readonly (readonly [string, string | undefined, string])[] = [
    ["amd64", undefined, "x86_64"],
    ["arm64", undefined, "aarch64"],
    ["amd64", "x86_64_v3", "x86_64_v3"],
    ["amd64", "x86-64-v3", "x86_64_v3"],
    ["amd64", "Zen4", "zen4"],
    ["arm64", "neoverse_v2", "neoverse_v2"],
  ];
  test.each(known)("for %s: %s", async (arch, archspec, expected) => {
    const { packages: all, problems } = await system({ arch, archspec });

    expect(all[0]).toEqual({ name: "__archspec", version: "1", build: expected });
    expect(problems).toEqual([]);
  });

  test("that is none of the target's is told", async () => {
    const wrong = ["v3", "skylak", "neoverse_n1", "pentium"];

    const all = await Promise.all(wrong.map((archspec) => system({ archspec })));

    const told = all.flatMap(({ problems }) => problems.map(describeProblem));
    expect(told.join("\n")).toMatchInlineSnapshot(`
      "BP_CONDA_ARCHSPEC: v3
        Did you mean x86_64_v3?
      BP_CONDA_ARCHSPEC: skylak
        Did you mean skylake?
      BP_CONDA_ARCHSPEC: neoverse_n1
        neoverse_n1 is of arm64, and the image is for amd64; write one of amd64, such as x86_64, x86_64_v2, x86_64_v3 or x86_64_v4.
      BP_CONDA_ARCHSPEC: pentium
        Write a microarchitecture of amd64, such as x86_64, x86_64_v2, x86_64_v3 or x86_64_v4; all names are at:

          https://github.com/archspec/archspec-json/blob/master/cpu/microarchitectures.json"
    `);
  });
});

async function system(given: Partial<SystemAsked>) {
  const statusFile = join(await temporaryDirectory(), "status");
  await writeFile(
    statusFile,
    "Package: libc6\nStatus: install ok installed\nVersion: 2.41-12+deb13u1\n",
  );
  const hardware = readHardware({});
  return findSystem({ hardware, arch: "amd64", archspec: undefined, statusFile, ...given });
}

async function packages(given: Partial<SystemAsked>): Promise<readonly string[]> {
  return (await system(given)).packages.map(formatVirtualPackage);
}
