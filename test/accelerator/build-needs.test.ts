import { expect, test } from "vitest";
import { buildNeeds, knownMetadata } from "../../src/accelerator/build-needs.ts";

test("flash-attn imports torch in its setup.py, and compiles with nvcc", () => {
  expect(buildNeeds("flash-attn")).toEqual({
    requires: ["torch", "setuptools", "wheel", "packaging", "psutil", "ninja"],
    nvcc: true,
    metadata: ["torch", "einops"],
  });
});

test("what would compile for the CPU where it sees no GPU is told not to", () => {
  expect(buildNeeds("detectron2")?.environment).toEqual({ FORCE_CUDA: "1" });
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
