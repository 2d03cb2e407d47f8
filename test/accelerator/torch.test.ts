import { expect, test } from "vitest";
import { hintsOf, parseBackend, TORCH_FAMILY, torchFamily } from "../../src/accelerator/torch.ts";
import { demandsOf, found } from "./support.ts";

test("directories of torch's index stand for backends", () => {
  expect(["cpu", "cu118", "cu128", "cu1210", "rocm6.2.4", "xpu", "cu"].map(parseBackend)).toEqual([
    { accelerator: "cpu" },
    { accelerator: "cuda", version: "11.8" },
    { accelerator: "cuda", version: "12.8" },
    { accelerator: "cuda", version: "12.10" },
    { accelerator: "rocm", version: "6.2.4" },
    undefined,
    undefined,
  ]);
});

test.each([
  ["https://download.pytorch.org/whl/cu128", "12.8"],
  ["https://download.pytorch.org/whl/cu118/", "11.8"],
  ["https://download.pytorch.org/whl/cu118/torch_stable.html", "11.8"],
  ["https://download.pytorch.org/whl/nightly/cu130", "13.0"],
  ["https://mirror.example.com/pytorch-wheels/cu121", "12.1"],
  ["https://packages.example.com/whl/cu126", "12.6"],
  ["https://data.pyg.org/whl/torch-2.8.0+cu128.html", "12.8"],
  ["https://data.pyg.org/whl/torch-2.8.0%2Bcu128.html", "12.8"],
])("the index %s is of CUDA %s", (url, version) => {
  const origin = { file: "requirements.txt", line: 1 };

  expect(hintsOf([], [{ url, origin }])).toEqual([
    { accelerator: "cuda", version, origin, line: url, isIndex: true },
  ]);
});

test.each([
  "https://download.pytorch.org/whl/torch_stable.html",
  "https://pypi.org/simple",
  "https://abetlen.github.io/llama-cpp-python/whl/cu124",
  "https://example.com/cupboard/simple",
])("the index %s says nothing about torch", (url) => {
  expect(hintsOf([], [{ url, origin: { file: "requirements.txt" } }])).toEqual([]);
});

test("local versions of the app's own lines count, those of a resolution do not", () => {
  const own = demandsOf(["torch==2.9.1+cu128", "vllm==0.20.0+cpu", "torchvision==0.24.1"]);

  expect(hintsOf([...own, ...found("torch==2.9.1+cu130")], []).map(({ line }) => line)).toEqual([
    "torch==2.9.1+cu128",
  ]);
});

test("the packages of torch's indexes are those that an index has", () => {
  expect([...torchFamily("rocm6.4")].sort()).toEqual([
    "pytorch-triton-rocm",
    "torch",
    "torchaudio",
    "torchvision",
    "triton-rocm",
  ]);
  expect(torchFamily("cpu")).toEqual(TORCH_FAMILY);
  expect([...TORCH_FAMILY].every((name) => torchFamily("cu128").has(name))).toBe(true);
});
