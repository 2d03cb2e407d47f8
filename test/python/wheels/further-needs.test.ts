import { describe, expect, it } from "vitest";
import type { Hardware } from "../../../src/accelerator/hardware.ts";
import {
  acceleratedFacts,
  furtherNeeds,
  mentionsCuda,
} from "../../../src/python/wheels/further-needs.ts";
import { hardwareOf } from "../../accelerator/support.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const CUDA = { accelerated: { accelerator: "cuda" as const, cuda: "12.8" } };

function envOf(...lines: readonly string[]) {
  return envWith(hardwareOf(...lines));
}

function envWith(hardware: Hardware) {
  return { ML_BUILDPACKS_HARDWARE: JSON.stringify(hardware) };
}

const WITH_TOOLKIT = envWith({
  ...hardwareOf("cuda==12.8"),
  toolkit: { text: "toolkit", origin: { file: "hardware.txt", line: 2 } },
});

describe("a package that is built from source", () => {
  it("has no further needs, like most", () => {
    expect(furtherNeeds("docopt", envOf("cuda==12.8"), CUDA)).toEqual({
      requires: [],
      compiler: undefined,
    });
  });

  it("is compiled for the GPUs that the app names, oldest first", () => {
    const { compiler } = furtherNeeds("mmcv", envOf("cuda==12.8", "gpu b200", "gpu l4"), CUDA);

    expect(compiler).toMatchObject({
      ...{ cuda: "12.8", when: "always", capabilities: ["8.9", "10.0"], isChosen: true },
    });
  });

  it("is told of them in its own words where it has such", () => {
    const { requires, compiler } = furtherNeeds("flash-attn", envOf("cuda", "gpu h100"), CUDA);

    expect(requires).toContain("torch");
    expect(compiler?.environment).toMatchObject({ FLASH_ATTN_CUDA_ARCHS: "90" });
    expect(compiler?.memory).toBeGreaterThan(4e9);
  });

  it("needs no compiler without CUDA, and one for what mentions it where the app asks for one", () => {
    const cpu = { accelerated: { accelerator: "cpu" as const } };

    expect(furtherNeeds("mmcv", envOf("cpu"), cpu).compiler).toBeUndefined();
    expect(furtherNeeds("kernel", WITH_TOOLKIT, CUDA).compiler?.when).toBe("mentioned");
  });

  it.each([
    [{ "setup.py": "from setuptools import setup" }, false],
    [{ "setup.py": "from torch.utils.cpp_extension import CUDAExtension" }, true],
    [{ "CMakeLists.txt": "enable_language(CUDA)" }, true],
    [{ "setup.py": "", "csrc/deep/kernel.cu": "" }, true],
  ])("of %j mentions CUDA: %s", async (files, expected) => {
    const project = await temporaryDirectory();
    await writeFiles(project, files);

    expect(await mentionsCuda(project)).toBe(expected);
  });
});

describe("what it is built against", () => {
  const sdist = { from: "sdist" as const, name: "mmcv", version: "2.2.0", sha256: "aa" };
  const torch = { from: "wheel" as const, name: "torch", version: "2.11.0+cu128", sha256: "bb" };
  const cublas = { from: "wheel" as const, name: "nvidia-cublas-cu12", version: "1", sha256: "cc" };
  const lock = [sdist, torch, cublas];
  const factsOf = (distributions: typeof lock, ...lines: readonly string[]) =>
    acceleratedFacts(envOf("cuda==12.8", ...lines), { ...CUDA, distributions });

  it("says the compiler, the GPUs, CUDA's libraries and torch", () => {
    const names = factsOf(lock).map((fact) => fact.replace(/=.*/, ""));

    expect(names).toEqual([
      ...["torch", "mmcv:cuda", "mmcv:capabilities", "mmcv:libraries", "mmcv:with"],
    ]);
  });

  it.each([
    ["another GPU", lock, ["gpu l4"]],
    ["another torch", [sdist, { ...torch, sha256: "dd" }, cublas], []],
    ["another library", [sdist, torch, { ...cublas, version: "2" }], []],
  ])("changes with %s", (_what, changed, lines) => {
    expect(factsOf(changed, ...lines)).not.toEqual(factsOf(lock));
  });
});
