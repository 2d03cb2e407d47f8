import { expect, test } from "vitest";
import { archVariables, buildNeeds, knownMetadata } from "../../src/accelerator/build-needs.ts";

test("flash-attn imports torch in its setup.py, and compiles with nvcc", () => {
  expect(buildNeeds("flash-attn")).toEqual({
    requires: ["torch", "setuptools", "wheel", "packaging", "psutil", "ninja"],
    nvcc: true,
    metadata: ["torch", "einops"],
    environment: { FLASH_ATTENTION_FORCE_BUILD: "TRUE", NVCC_THREADS: "1" },
    memory: 8,
  });
});

test.each([
  ["causal-conv1d", "CAUSAL_CONV1D_FORCE_BUILD"],
  ["mamba-ssm", "MAMBA_FORCE_BUILD"],
  ["transformer-engine-torch", "NVTE_PYTORCH_FORCE_BUILD"],
])("%s is told to download no wheel of its own", (name, variable) => {
  expect(buildNeeds(name)?.environment).toEqual({ [variable]: "TRUE" });
});

test("what would leave its kernels out is told not to", () => {
  expect(buildNeeds("mmcv")?.environment).toEqual({ MMCV_WITH_OPS: "1" });
});

// As its setup.py reads it: https://github.com/Dao-AILab/flash-attention/blob/v2.8.3/setup.py
test.each([
  [["8.0"], "80"],
  [["8.9", "9.0"], "80;90"],
  [["7.5", "8.0", "8.6", "8.9", "9.0", "10.0", "12.0"], "80;90;100;120"],
])("flash-attn has a variable of its own for the GPUs %j: %s", (gpus, value) => {
  expect(archVariables("flash-attn", gpus)).toEqual({ FLASH_ATTN_CUDA_ARCHS: value });
});

test("packages without such a variable have TORCH_CUDA_ARCH_LIST alone", () => {
  expect(archVariables("natten", ["8.9", "12.0"])).toEqual({ NATTEN_CUDA_ARCH: "8.9;12.0" });
  expect(archVariables("flash-attn", ["7.5"])).toEqual({});
  expect(archVariables("mamba-ssm", ["8.9"])).toEqual({});
  expect(archVariables("numpy", ["8.9"])).toEqual({});
});

test("others are built like any package", () => {
  expect(buildNeeds("numpy")).toBeUndefined();
  // It warns where torch is missing, and fails where torch is there without nvcc.
  expect(buildNeeds("deepspeed")).toBeUndefined();
});

test("what packages depend on is known where it is the same for all versions", () => {
  expect(knownMetadata()).toEqual({
    "flash-attn": ["torch", "einops"],
    "torch-scatter": [],
    "torch-spline-conv": [],
    "torch-sparse": ["scipy"],
    "torch-cluster": ["scipy"],
  });
});
