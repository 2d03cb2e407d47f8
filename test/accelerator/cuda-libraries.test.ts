import { describe, expect, test } from "vitest";
import {
  cudaMajors,
  cudaVersionIn,
  cudaWheelNames,
  libraryRequirements,
  needsLibraryPath,
} from "../../src/accelerator/cuda-libraries.ts";

describe("CUDA's major versions among packages", () => {
  test("are told by NVIDIA's names, which have no suffix from CUDA 13 on", () => {
    const names = [
      "numpy",
      "nvidia-cublas-cu12",
      "nvidia-cudnn-cu12",
      "nvidia-cublas",
      "nvidia-cuda-runtime",
      "nvidia-nccl-cu13",
      "nvidia-cufft-cu11",
    ];

    expect(Object.fromEntries(cudaMajors(names))).toEqual({
      "11": ["nvidia-cufft-cu11"],
      "12": ["nvidia-cublas-cu12", "nvidia-cudnn-cu12"],
      "13": ["nvidia-cublas", "nvidia-cuda-runtime", "nvidia-nccl-cu13"],
    });
  });

  test("are none of what holds no library of CUDA", () => {
    const names = [
      "nvidia-ml-py",
      "nvidia-cutlass-dsl",
      "nvidia-cutlass-dsl-libs-cu12",
      "nvidia-cudnn-frontend",
      "nvidia-modelopt",
      "cuda-bindings",
      "cupy-cuda12x",
      "jax-cuda12-plugin",
    ];

    expect(cudaMajors(names).size).toBe(0);
  });
});

test("the loader's path is needed by packages that look nowhere else", () => {
  expect(needsLibraryPath(["torch", "numpy", "jax", "nvidia-cublas"])).toBe(false);
  expect(needsLibraryPath(["torch", "onnxruntime-gpu"])).toBe(true);
  expect(needsLibraryPath(["ctranslate2"])).toBe(true);
});

describe("the CUDA version of packages", () => {
  test.each([
    [[{ name: "nvidia-cuda-runtime", version: "13.2.75" }], "13.2"],
    [[{ name: "nvidia-cuda-runtime-cu12", version: "12.8.90" }], "12.8"],
    [
      [
        { name: "nvidia-cuda-nvrtc-cu12", version: "12.9.86" },
        { name: "nvidia-cudnn-cu12", version: "9.10.2.21" },
        { name: "nvidia-cuda-runtime-cu12", version: "12.8.90" },
      ],
      "12.8",
    ],
    [[{ name: "nvidia-cuda-nvrtc", version: "13.0.88" }], "13.0"],
    [[{ name: "nvidia-cublas", version: "13.1.0.3" }, { name: "torch" }], undefined],
    [[{ name: "nvidia-cuda-runtime" }], undefined],
  ])("is that of the run-time libraries: %j", (packages, cuda) => {
    expect(cudaVersionIn(packages)).toBe(cuda);
  });
});

test("wheels are named with CUDA's major version up to 12, and some of them always", () => {
  const names = cudaWheelNames();

  expect(names.filter((name) => /^nvidia-(?:cublas|nccl)(?:-|$)/.test(name))).toEqual([
    "nvidia-cublas",
    "nvidia-cublas-cu11",
    "nvidia-cublas-cu12",
    "nvidia-nccl-cu11",
    "nvidia-nccl-cu12",
    "nvidia-nccl-cu13",
  ]);
  expect(names).toEqual(expect.arrayContaining(["cuda-toolkit", "jax-cuda13-plugin", "tensorrt"]));
});

describe("requirements for libraries", () => {
  test("are of one toolkit, with what they need themselves", () => {
    expect(libraryRequirements(["cudnn", "nccl", "cufft"], "12.8")).toEqual([
      "cuda-toolkit[cublas,cufft,nvjitlink,nvrtc]==12.8.*",
      "nvidia-cudnn-cu12",
      "nvidia-nccl-cu12",
    ]);
    expect(libraryRequirements(["cublas", "cudnn"], "13.0")).toEqual([
      "cuda-toolkit[cublas,nvrtc]==13.0.*",
      "nvidia-cudnn-cu13",
    ]);
  });

  test("leave out what a CUDA version does not have", () => {
    expect(libraryRequirements(["cublas", "nvjitlink"], "11.8")).toEqual([
      "cuda-toolkit[cublas]==11.8.*",
    ]);
  });

  test("name the wheels where PyPI has no toolkit", () => {
    expect(libraryRequirements(["cublas"], "11.7")).toEqual(["nvidia-cublas-cu11"]);
    expect(libraryRequirements(["cublas"], "13.9")).toEqual(["nvidia-cublas"]);
  });
});
