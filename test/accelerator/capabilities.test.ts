import { describe, expect, test } from "vitest";
import { codeFor, usualCapabilities } from "../../src/accelerator/capabilities.ts";

// Of the release notes of CUDA 11.8, 12.8 and 13.0: https://docs.nvidia.com/cuda/archive/
describe("what is compiled for where nobody names GPUs", () => {
  test.each([
    ["11.7", ["7.5", "8.0", "8.6"]],
    ["11.8", ["7.5", "8.0", "8.6", "8.9", "9.0"]],
    ["12.6", ["7.5", "8.0", "8.6", "8.9", "9.0"]],
    ["12.8", ["7.5", "8.0", "8.6", "8.9", "9.0", "10.0", "12.0"]],
    ["13.9", ["7.5", "8.0", "8.6", "8.9", "9.0", "10.0", "12.0"]],
  ])("is what CUDA %s's compiler knows", (cuda, capabilities) => {
    expect(usualCapabilities(cuda)).toEqual(capabilities);
  });
});

describe("code for GPUs", () => {
  const known = ["8.0", "9.0", "10.0", "12.0"];

  test.each([
    [["8.9"], ["8.0"]],
    [
      ["9.0", "8.9"],
      ["8.0", "9.0"],
    ],
    [["8.0", "8.6", "8.9"], ["8.0"]],
    [["10.3"], ["10.0"]],
    [["12.1"], ["12.0"]],
    [["7.5"], []],
    [["7.5", "9.0"], ["9.0"]],
  ])("%j is the newest that runs on them: %j", (gpus, code) => {
    expect(codeFor(gpus, known)).toEqual(code);
  });
});
