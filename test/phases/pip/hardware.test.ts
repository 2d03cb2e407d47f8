import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cleanUp } from "../../../scripts/lib/cleanup.ts";
import type { Hardware } from "../../../src/accelerator/hardware.ts";
import { build, prepareBuilds } from "./builds.ts";

beforeAll(() => prepareBuilds("pip"));
afterAll(cleanUp);

const TORCH = { BP_TORCH_INDEX: "http://127.0.0.1:8000/torch" };

/** An index as PyPI is, with torch for CUDA; and torch's own with a directory for each backend. */
const PUBLISHED = [
  "filelock 3.0",
  "numpy 2.0",
  "nvidia-cublas-cu12 12.8.4.1",
  "nvidia-cublas 13.0.2.14",
  "nvidia-nccl-cu12 2.27",
  "triton 3.5.0",
  "torch 2.12.0 filelock nvidia-cublas==13.0.2.14 triton==3.5.0",
  "sentence-transformers 5.0 torch>=2 numpy",
  "xgboost 3.0 numpy nvidia-nccl-cu12",
  "torch/cpu/torch 2.11.0+cpu filelock",
  "torch/cpu/torchvision 0.26.0+cpu torch==2.11.0 numpy",
  "torch/cpu/numpy 1.0",
  "torch/cu128/torch 2.11.0+cu128 filelock nvidia-cublas-cu12==12.8.4.1 triton==3.5.0",
  "torch/cu128/torchvision 0.26.0+cu128 torch==2.11.0 numpy",
  "torch/cu130/torch 2.11.0+cu130 filelock nvidia-cublas==13.0.2.14 triton==3.5.0",
];

function written(line: string): { readonly ML_BUILDPACKS_HARDWARE: string } {
  const [, name = "", specifier = ""] = /^([a-z]+)(.*)$/.exec(line) ?? [];
  const hardware = {
    accelerator: {
      ...{ name: name as "cuda", specifier, assumed: false },
      ...{ origin: { file: "hardware.txt", line: 1 }, text: line },
    },
    gpus: [],
    libraries: [],
  } satisfies Hardware;
  return { ML_BUILDPACKS_HARDWARE: JSON.stringify(hardware) };
}

describe("torch", () => {
  test("comes from the index of the hardware, with what the others need from theirs", async () => {
    const files = { "requirements.txt": "torch\ntorchvision\n" };
    const [assumed, cuda] = await build([
      { files, published: PUBLISHED, env: TORCH },
      { files, env: { ...TORCH, ...written("cuda==12.8") } },
    ]);

    expect(assumed?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Resolving for Python 3.13
      Using torch and torchvision from http://127.0.0.1:8000/torch/cpu
      Resolved 4 packages (<time>)"
    `);
    expect(assumed?.locked).toMatchInlineSnapshot(`
      [
        "filelock 3.0 wheel",
        "numpy 2.0 wheel",
        "torch 2.11.0+cpu wheel http://127.0.0.1:8000/torch/cpu",
        "torchvision 0.26.0+cpu wheel http://127.0.0.1:8000/torch/cpu",
      ]
    `);
    expect(cuda?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Discarding cached lock since:
       - The hardware has changed from cpu by default to cuda==12.8
      Resolving for Python 3.13
      Using CUDA 12.8 (hardware.txt, line 1); hosts need a driver from 525 on
      Using torch and torchvision from http://127.0.0.1:8000/torch/cu128
      Resolved 6 packages (<time>)
      Compared with the previous lock:
       - nvidia-cublas-cu12 12.8.4.1 added
       - torch 2.11.0+cpu → 2.11.0+cu128
       - torchvision 0.26.0+cpu → 0.26.0+cu128
       - triton 3.5.0 added"
    `);
    expect(cuda?.locked).toMatchInlineSnapshot(`
      [
        "filelock 3.0 wheel",
        "numpy 2.0 wheel",
        "nvidia-cublas-cu12 12.8.4.1 wheel",
        "torch 2.11.0+cu128 wheel http://127.0.0.1:8000/torch/cu128",
        "torchvision 0.26.0+cu128 wheel http://127.0.0.1:8000/torch/cu128",
        "triton 3.5.0 wheel",
      ]
    `);
  });

  test("is found for what depends on it", async () => {
    const [outcome] = await build([
      {
        files: { "requirements.txt": "sentence-transformers\n" },
        published: PUBLISHED,
        env: TORCH,
      },
    ]);

    expect(outcome?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Resolving for Python 3.13
      Using torch from http://127.0.0.1:8000/torch/cpu
      Resolved 4 packages (<time>)"
    `);
    expect(outcome?.locked).toMatchInlineSnapshot(`
      [
        "filelock 3.0 wheel",
        "numpy 2.0 wheel",
        "sentence-transformers 5.0 wheel",
        "torch 2.11.0+cpu wheel http://127.0.0.1:8000/torch/cpu",
      ]
    `);
  });

  test("is the default index's where that is asked for", async () => {
    const [outcome] = await build([
      {
        files: { "requirements.txt": "torch\n" },
        published: PUBLISHED,
        env: { BP_TORCH_INDEX: "default", ...written("cuda==13.0") },
      },
    ]);

    expect(outcome?.locked).toMatchInlineSnapshot(`
      [
        "filelock 3.0 wheel",
        "nvidia-cublas 13.0.2.14 wheel",
        "torch 2.12.0 wheel",
        "triton 3.5.0 wheel",
      ]
    `);
  });
});

describe("torch that another package decides on", () => {
  const published = [
    ...PUBLISHED,
    ...["torch 2.8.0 filelock", "torch/cu128/torch 2.8.0+cu128 filelock"],
    "pins-torch 1.0 torch==2.8.0",
    ...["closed/filelock 3.0", "closed/my-lib 1.0 torch"],
  ];

  test.each(["pins-torch\n", "pins-torch\ntorch\n"])(
    "is of a CUDA version that has it: %j",
    async (requirements) => {
      const [outcome] = await build([
        {
          ...{ files: { "requirements.txt": requirements }, published },
          env: { ...TORCH, ...written("cuda") },
        },
      ]);

      expect(outcome?.log).toContain("Using CUDA 12.8, since torch 2.8 has builds for CUDA");
      expect(outcome?.locked).toContain(
        "torch 2.8.0+cu128 wheel http://127.0.0.1:8000/torch/cu128",
      );
    },
  );

  test("comes from its own index where that of all others has none", async () => {
    const [outcome] = await build([
      {
        ...{ files: { "requirements.txt": "my-lib\n" }, published },
        env: { ...TORCH, PIP_INDEX_URL: "http://127.0.0.1:8000/closed" },
      },
    ]);

    expect(outcome?.locked).toContain("torch 2.11.0+cpu wheel http://127.0.0.1:8000/torch/cpu");
  });

  test("comes from the mirror where the app names PyTorch's own host", async () => {
    const requirements =
      "--extra-index-url https://download.pytorch.org/whl/cu128\ntorch==2.11.0\n";
    const [outcome] = await build([
      { files: { "requirements.txt": requirements }, published, env: TORCH },
    ]);

    expect(outcome?.locked).toContain("torch 2.11.0+cu128 wheel http://127.0.0.1:8000/torch/cu128");
  });
});

/** A package whose build imports torch, as many that compile kernels do, and does not say so. */
const KERNEL = {
  "kernel-src/pyproject.toml":
    '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
  "kernel-src/backend.py": `import os
import torch


def prepare_metadata_for_build_wheel(directory, settings=None):
    info = os.path.join(directory, "kernel-1.0.dist-info")
    os.makedirs(info)
    with open(os.path.join(info, "METADATA"), "w") as file:
        file.write("Metadata-Version: 2.1\\nName: kernel\\nVersion: 1.0\\nRequires-Dist: torch\\n")
    return "kernel-1.0.dist-info"
`,
};

test("a source whose build imports torch is asked what it needs with torch at hand", async () => {
  const [first, second] = await build([
    {
      files: { ...KERNEL, "requirements.txt": "./kernel-src\ntorch\n" },
      published: PUBLISHED,
      env: { ...TORCH, ...written("cuda==12.8") },
    },
    { files: { ...KERNEL, "requirements.txt": "./kernel-src\n" }, env: TORCH },
  ]);

  expect(first?.log).toContain(
    "Giving torch to kernel-src, whose build imports it and does not name it",
  );
  expect(first?.locked).toContain("torch 2.11.0+cu128 wheel http://127.0.0.1:8000/torch/cu128");
  expect(second?.locked).toContain("torch 2.11.0+cpu wheel http://127.0.0.1:8000/torch/cpu");
});

test("a source that wants to see CUDA before it says what it needs is shown one", async () => {
  const backend = `import os
import subprocess


def prepare_metadata_for_build_wheel(directory, settings=None):
    if "CUDA_HOME" not in os.environ:
        raise OSError("CUDA_HOME environment variable is not set. Please set it to your CUDA install root.")
    said = subprocess.check_output([os.path.join(os.environ["CUDA_HOME"], "bin", "nvcc"), "-V"])
    version = said.decode().split("release ")[1].split(",")[0]
    info = os.path.join(directory, "kernel-1.0.dist-info")
    os.makedirs(info)
    with open(os.path.join(info, "METADATA"), "w") as file:
        file.write(f"Metadata-Version: 2.1\\nName: kernel\\nVersion: {version}\\n")
    return "kernel-1.0.dist-info"
`;
  const files = {
    ...KERNEL,
    "kernel-src/backend.py": backend,
    "requirements.txt": "./kernel-src\n",
  };
  const [outcome] = await build([
    { files, published: PUBLISHED, env: { ...TORCH, ...written("cuda==12.8") } },
  ]);

  expect(outcome?.locked).toEqual(["kernel undefined directory"]);
});

test("a lock of the app's own that lacks CUDA's libraries is told what to add", async () => {
  const lock = `lock-version = "1.0"
created-by = "test"

[[packages]]
name = "onnxruntime-gpu"
version = "1.22.0"
wheels = [{ url = "https://files.pythonhosted.org/onnxruntime_gpu-1.22.0-py3-none-any.whl", hashes = { sha256 = "${"0".repeat(64)}" } }]
`;
  const [outcome] = await build([
    { files: { "pylock.toml": lock }, env: { ...TORCH, ...written("cuda==12.8") } },
  ]);

  expect(outcome?.log).toMatchInlineSnapshot(`
    "[Locking Python packages]
    Found pylock.toml
    Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
    Found 1 package for this Python and platform
    Using CUDA 12.8 (hardware.txt, line 1); hosts need a driver from 525 on

    [Warning: pylock.toml lacks what the hardware needs]
    A lock is installed as it is. Add these to the project, and lock it again:
    - onnxruntime-gpu[cuda,cudnn] (without the extra it brings no libraries of CUDA)
    - cuda-toolkit[cublas,cudart,cufft,curand,nvjitlink,nvrtc]==12.8.* (for onnxruntime-gpu)"
  `);
});

test("CUDA that the app names itself is installed without a GPU, too, and its weight is told", async () => {
  const requirements = "torch==2.11.0\nnvidia-cublas-cu12==12.8.4.1\n";
  const [outcome] = await build([
    { files: { "requirements.txt": requirements }, published: PUBLISHED, env: TORCH },
  ]);

  expect(outcome?.log).toMatchInlineSnapshot(`
    "[Locking Python packages]
    Found requirements.txt
    Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
    Resolving for Python 3.13
    Using torch from http://127.0.0.1:8000/torch/cpu

    [Warning: CUDA's libraries are installed, though the image is for cpu]
    cpu is from the builder. The app names these packages itself, so that they are installed:
    - nvidia-cublas-cu12 12.8.4.1 (requirements.txt, line 2)
    For GPUs, write 'cuda' into hardware.txt. Otherwise remove these lines from the app's files.
    Resolved 3 packages (<time>)"
  `);
  expect(outcome?.locked).toContain("torch 2.11.0+cpu wheel http://127.0.0.1:8000/torch/cpu");
});

test("two CUDA versions are refused, with those who bring them", async () => {
  const published = [...PUBLISHED, "old 1.0 nvidia-nccl-cu12", "new 1.0 nvidia-cublas"];
  const [outcome] = await build([
    {
      files: { "requirements.txt": "old\nnew\n" },
      published,
      env: { ...TORCH, ...written("cuda==12.8") },
    },
  ]);

  expect(outcome?.log).toMatchInlineSnapshot(`
    "[Locking Python packages]
    Found requirements.txt
    Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
    Resolving for Python 3.13
    Using CUDA 12.8 (hardware.txt, line 1); hosts need a driver from 525 on

    [Error: The packages need CUDA 12 and 13, and an image can have one of them]

    CUDA 12: nvidia-nccl-cu12 2.27
    They come with:
    - requirements.txt, line 1: old

    CUDA 13: nvidia-cublas 13.0.2.14
    They come with:
    - requirements.txt, line 2: new

    Choose versions that are made for the same CUDA, or write the CUDA version that all of them have into hardware.txt, for example: cuda==12.8"
  `);
});

test("without a GPU nothing of CUDA is installed, whoever depends on it", async () => {
  const [outcome] = await build([
    { files: { "requirements.txt": "xgboost\n" }, published: PUBLISHED, env: TORCH },
  ]);

  expect(outcome?.log).toMatchInlineSnapshot(`
    "[Locking Python packages]
    Found requirements.txt
    Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
    Resolving for Python 3.13
    Resolved 2 packages (<time>)"
  `);
  expect(outcome?.locked).toMatchInlineSnapshot(`
    [
      "numpy 2.0 wheel",
      "xgboost 3.0 wheel",
    ]
  `);
});
