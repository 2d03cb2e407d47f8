import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeApp } from "../support/apps.ts";
import { buildAndPublish, runApp } from "../support/platform.ts";

/** A package whose setup.py compiles a kernel with nvcc, as many for GPUs do. */
const APP = {
  "hardware.txt": "cuda==13.0\ngpu l4\ntoolkit\n",
  "requirements.txt": "./kernel\n",
  "kernel/setup.py": `import os
import subprocess
from setuptools import setup
from setuptools.command.build_py import build_py


class BuildKernel(build_py):
    def run(self):
        super().run()
        nvcc = os.path.join(os.environ["CUDA_HOME"], "bin", "nvcc")
        library = os.path.join(self.build_lib, "kernel", "libkernel.so")
        capability = os.environ["TORCH_CUDA_ARCH_LIST"].split("+")[0].replace(".", "")
        subprocess.run(
            [nvcc, "-shared", f"-arch=sm_{capability}", "-Xcompiler", "-fPIC", "-o", library, "kernel.cu"],
            check=True,
        )


setup(name="kernel", version="1.0", packages=["kernel"], cmdclass={"build_py": BuildKernel})
`,
  "kernel/kernel.cu": `#include <cuda_runtime.h>
__global__ void twice(int *numbers) { numbers[threadIdx.x] *= 2; }
extern "C" int devices() { int count = 0; return cudaGetDeviceCount(&count) == cudaSuccess ? count : 0; }
extern "C" int launch(int *numbers) { twice<<<1, 1>>>(numbers); return cudaGetLastError(); }
`,
  "kernel/kernel/__init__.py": `import ctypes
import os

library = ctypes.CDLL(os.path.join(os.path.dirname(__file__), "libkernel.so"))
`,
  "main.py": 'import kernel\nprint("devices:", kernel.library.devices())\n',
};

it("a kernel is compiled once, without a GPU, and its compiler is not in the image", async () => {
  const path = await makeApp(APP);
  const first = await buildAndPublish("toolkit/app", { path });

  expect(first.output).toContain("Building kernel (kernel) from source");
  expect(first.output).toMatch(/^Packages with layers of their own: kernel/m);
  expect(await runApp(first.reference)).toContain("devices: 0");
  const compilers = await runApp(first.reference, {
    args: ["--entrypoint=sh"],
    command: ["-c", "find / -xdev -name nvcc -o -name ptxas -o -name cicc 2>/dev/null || true"],
  });
  expect(compilers).not.toMatch(/^\//m);

  await appendFile(join(path, "requirements.txt"), "cowsay\n");
  const { output, reference } = await buildAndPublish("toolkit/app", { path });

  expect(output).not.toContain("Building kernel");
  expect(output).toContain("Reusing kernel");
  expect(await runApp(reference)).toContain("devices: 0");
});
