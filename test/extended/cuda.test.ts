import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeApp } from "../support/apps.ts";
import { buildAndPublish, runApp } from "../support/platform.ts";

// Gigabytes from PyPI, whose torch is for CUDA: https://pytorch.org/get-started/locally/
const FROM_PYPI = { BP_TORCH_INDEX: "default" };

describe("torch as PyPI has it", () => {
  it("finds all of CUDA's libraries across its layers, but for the driver's", async () => {
    const { reference } = await buildAndPublish("cuda/torch", {
      path: await makeApp({
        "requirements.txt": "torch\n",
        "hardware.txt": "cuda\n",
        "main.py": "import torch\nprint(torch.version.cuda, torch.arange(10).sum().item())\n",
      }),
      env: FROM_PYPI,
    });

    expect(await runApp(reference)).toMatch(/^1[3-9]\.\d+ 45$/m);
    expect(await unresolved(reference, "torch/lib/libtorch_cuda.so")).toEqual([]);
    expect(await copies(reference)).toEqual([]);
  });
});

describe("an extension of torch whose setup.py imports torch", () => {
  it("is compiled against the torch of the lock, and again only for another one", async () => {
    const path = await makeApp({
      "requirements.txt": "torch\n./extension\n",
      "hardware.txt": "cuda\ngpu l4\ntoolkit\n",
      "extension/setup.py": `from setuptools import setup
from torch.utils.cpp_extension import BuildExtension, CUDAExtension

setup(
    name="extension",
    version="1.0",
    ext_modules=[CUDAExtension("extension", ["extension.cu"])],
    cmdclass={"build_ext": BuildExtension},
)
`,
      "extension/extension.cu": `#include <torch/extension.h>
__global__ void twice(float *numbers) { numbers[threadIdx.x] *= 2; }
torch::Tensor launch(torch::Tensor numbers) {
  twice<<<1, numbers.numel()>>>(numbers.data_ptr<float>());
  return numbers;
}
int64_t count(torch::Tensor numbers) { return numbers.numel(); }
PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) { m.def("launch", &launch); m.def("count", &count); }
`,
      "main.py": "import torch, extension\nprint('counted', extension.count(torch.zeros(3)))\n",
    });
    const first = await buildAndPublish("cuda/extension", { path, env: FROM_PYPI });

    expect(first.output).toContain("Building extension (extension) from source");
    expect(await runApp(first.reference)).toContain("counted 3");

    await appendFile(join(path, "requirements.txt"), "cowsay\n");
    const { output } = await buildAndPublish("cuda/extension", { path, env: FROM_PYPI });

    expect(output).not.toContain("Building extension (extension) from source");
    expect(output).not.toMatch(/Downloading torch/);
  });
});

describe.each([
  [
    "tensorflow",
    "tensorflow\n",
    "import tensorflow as tf; print(tf.reduce_sum(tf.range(10)).numpy(), tf.sysconfig.get_build_info()['cuda_version'][:2])",
    ["libcudart.so.12", "libcublas.so.12", "libcudnn.so.9", "libcufft.so.11", "libcusolver.so.11"],
  ],
  ["jax", "jax\n", "import jax; print(jax.numpy.arange(10).sum()); import jax_cuda13_plugin", []],
  [
    "onnxruntime-gpu",
    "onnxruntime-gpu\n",
    "import onnxruntime as ort; print('CUDAExecutionProvider' in ort.get_available_providers())",
    ["libcudart.so.13", "libcublasLt.so.13", "libcudnn.so.9", "libcufft.so.12", "libcurand.so.10"],
  ],
  [
    "cupy",
    "cupy-cuda13x\n",
    "import cupy; from cuda.pathfinder import load_nvidia_dynamic_lib as load; print([load(n).abs_path is not None for n in ('cublas','cufft','nvrtc','curand')])",
    [],
  ],
] as const)("%s", (name, requirements, code, libraries) => {
  it("imports, finds its libraries, and has one copy of each", async () => {
    const loads = libraries.map((library) => `ctypes.CDLL("${library}")`);
    const { reference } = await buildAndPublish(`cuda/${name}`, {
      path: await makeApp({
        "requirements.txt": requirements,
        "hardware.txt": "cuda\n",
        "main.py": [code, "import ctypes", ...loads, "print('all there')"].join("\n"),
      }),
    });

    const said = await runApp(reference);
    expect(said).toContain("all there");
    expect(await copies(reference)).toEqual([]);
  });
});

/** The libraries that the loader does not find for a file of the environment. */
async function unresolved(image: string, file: string): Promise<readonly string[]> {
  const command = `ldd "$(python -c 'import importlib.util as u; print(u.find_spec("torch").submodule_search_locations[0])')/../${file}"`;
  const text = await runApp(image, { args: ["--entrypoint=launcher"], command: [command] });
  expect(text).toMatch(/libcublas\.so\.1[3-9] => \/layers\//);
  // The driver brings it: https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/
  return [...text.matchAll(/^\s*(\S+) => not found$/gm)]
    .map(([, name = ""]) => name)
    .filter((name) => name !== "libcuda.so.1");
}

/**
 * CUDA's libraries that are in the image more than once, by the stem of their names (whatever their
 * version) and by their contents; links are no copies.
 */
async function copies(image: string): Promise<readonly string[]> {
  // It may not look into every directory, which is no matter here.
  const find = "find / -xdev -type f -name 'lib*.so*' -exec sha256sum {} + 2>/dev/null || true";
  const text = await runApp(image, { args: ["--entrypoint=sh"], command: ["-c", find] });
  const files = [...text.matchAll(/^([0-9a-f]{64}) {2}(\S+)$/gm)]
    .map(([, digest = "", path = ""]) => ({ digest, path, stem: stemOf(path) }))
    // Triton's wheel has CUPTI for its profiler, three times for each CUDA version.
    .filter(({ stem, path }) => CUDA.test(stem) && !path.includes("/triton/backends/"));
  expect(files.length).toBeGreaterThan(0);
  return files
    .filter(({ digest, stem, path }) =>
      files.some(
        (other) => other.path !== path && (other.stem === stem || other.digest === digest),
      ),
    )
    .map(({ path }) => path);
}

/** Without the version and what auditwheel adds: "libcudart-9335f6a2.so.12.8.90" → "libcudart". */
function stemOf(path: string): string {
  return (/([^/]+?)(?:-[0-9a-f]{8})?\.so[^/]*$/.exec(path)?.[1] ?? path).toLowerCase();
}

const CUDA =
  /^lib(?:cu(?:blas|dart|dnn|fft|file|pti|rand|solver|sparse)|nccl|npp|nvjitlink|nvrtc|nvjpeg|nvshmem|nvtoolsext|nvvm)/;
