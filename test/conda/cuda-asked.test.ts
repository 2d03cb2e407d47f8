import { describe, expect, test } from "vitest";
import { withCudaAsked } from "../../src/conda/cuda-asked.ts";
import { cudaBuilder, hardwareOf } from "../accelerator/support.ts";

const asked = (hardware: ReturnType<typeof hardwareOf>, ...specs: readonly string[]) =>
  withCudaAsked(
    hardware,
    "environment.yml",
    specs.map((text, index) => ({ text, line: index + 5 })),
  );

describe("a spec that asks for CUDA", () => {
  test.each([
    ["cuda-version=12.8", "==12.8"],
    ["cuda-version 12.8.*", "==12.8"],
    ["cuda-version ==12.8", "==12.8"],
    ["cuda-version=12.8=h1234_3", "==12.8"],
    ["cuda-version[version='12.8']", "==12.8"],
    ["cuda-version=12", "==12"],
    ["cuda-version >=12.4,<13", ">=12.4,<13"],
    ["conda-forge::cuda-version", ""],
    ["cuda-version=99.1", ""],
    ["cuda-version=12.4|12.6", ""],
    ["cudatoolkit=11.8", "==11.8"],
    ["pytorch-cuda=12.1", "==12.1"],
    ["pytorch-gpu=2.5", ""],
    ["tensorflow-gpu", ""],
    ["pytorch=2.5=*cuda*", ""],
    ["pytorch=*=cuda128*", "==12.8"],
    ["pytorch 2.5 cuda12*", "==12.*"],
    ["pytorch==2.5=cuda_0", ""],
    ["pytorch[version='2.5', build='*cuda*']", ""],
  ])("%s is for CUDA%s", (spec, specifier) => {
    const { hardware, warnings } = asked(hardwareOf(), "numpy", spec);

    expect(hardware.accelerator).toMatchObject({ name: "cuda", specifier, assumed: true });
    expect(warnings).toEqual([]);
  });

  test.each([
    ["numpy=1.26=py312_0"],
    ["pytorch=2.5=cpu_*"],
    ["cuda-python"],
    ["cuda::numpy"],
    ["https://cuda.example/c::numpy=1.26"],
  ])("%s does not", (spec) => {
    const hardware = hardwareOf();

    expect(asked(hardware, spec)).toEqual({ hardware, notes: [], warnings: [] });
  });

  test("is told, and one that names a version comes first", () => {
    const { hardware, notes } = asked(hardwareOf(), "pytorch=*=*cuda*", "cuda-version=12.6");

    expect(notes.join("\n")).toMatchInlineSnapshot(
      `"Using cuda, since environment.yml, line 6, asks for it: cuda-version=12.6"`,
    );
    expect(hardware.accelerator.specifier).toBe("==12.6");
  });

  test("gives its version where CUDA is asked for without", () => {
    for (const hardware of [hardwareOf("cuda"), cudaBuilder()]) {
      const { specifier, origin, assumed } = asked(hardware, "cuda-version=12.6").hardware
        .accelerator;

      expect({ specifier, origin, assumed }).toEqual({
        specifier: "==12.6",
        origin: { file: "environment.yml", line: 5 },
        assumed: hardware.accelerator.assumed,
      });
    }
    const pinned = hardwareOf("cuda==12.8");
    expect(asked(pinned, "cuda-version=12.6").hardware).toBe(pinned);
  });

  test("does not overrule what was said", () => {
    const hardware = hardwareOf("cpu");
    const { warnings, ...rest } = asked(hardware, "cuda-version=12.8");

    expect(rest).toEqual({ hardware, notes: [] });
    expect(warnings.map(({ title, body }) => `${title}\n${body}`).join("\n"))
      .toMatchInlineSnapshot(`
      "The environment asks for CUDA, and the image is not for NVIDIA's GPUs
      Found in environment.yml, line 5: cuda-version=12.8
      Found in hardware.txt, line 1: cpu
      Packages are taken that run without NVIDIA's GPUs, as far as there are any. Keep one of the two lines."
    `);
  });
});
