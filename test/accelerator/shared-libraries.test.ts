import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { librariesIn } from "../../src/accelerator/shared-libraries.ts";
import { writeFiles } from "../support/phase.ts";
import { temporaryDirectory } from "../support/temporary.ts";

test.each<[string, readonly string[], Readonly<Record<string, string>>]>([
  [
    "nvidia-cublas 13.1 and nvidia-cudnn-cu13 9.10",
    [
      "nvidia/cu13/include/cublas_v2.h",
      "nvidia/cu13/lib/libcublas.so.13",
      "nvidia/cu13/lib/libcublas_static.a",
      "nvidia/cu13/lib/libnvrtc.alt.so.13",
      "nvidia/cu13/lib/stubs/libcuda.so",
      "nvidia/cudnn/lib/__init__.py",
      "nvidia/cudnn/lib/libcudnn.so.9",
    ],
    {
      "libcublas.so.13": "nvidia/cu13/lib/libcublas.so.13",
      "libcudnn.so.9": "nvidia/cudnn/lib/libcudnn.so.9",
    },
  ],
  [
    "nvidia-cuda-nvcc-cu12 12.8",
    ["nvidia/cuda_nvcc/nvvm/lib64/libnvvm.so.4", "nvidia/cuda_nvcc/bin/ptxas"],
    { "libnvvm.so.4": "nvidia/cuda_nvcc/nvvm/lib64/libnvvm.so.4" },
  ],
  [
    "nvidia-nvshmem-cu12 3.3, whose plugins begin otherwise",
    ["nvidia/nvshmem/lib/libnvshmem_host.so.3", "nvidia/nvshmem/lib/nvshmem_bootstrap_mpi.so.3"],
    {
      "libnvshmem_host.so.3": "nvidia/nvshmem/lib/libnvshmem_host.so.3",
      "nvshmem_bootstrap_mpi.so.3": "nvidia/nvshmem/lib/nvshmem_bootstrap_mpi.so.3",
    },
  ],
  [
    "cutensor-cu12 2.3, and nvidia-cusparselt-cu12 0.6",
    ["cutensor/lib/libcutensor.so.2", "cusparselt/lib/libcusparseLt.so.0"],
    {
      "libcusparseLt.so.0": "cusparselt/lib/libcusparseLt.so.0",
      "libcutensor.so.2": "cutensor/lib/libcutensor.so.2",
    },
  ],
  [
    "nvidia-libnvcomp-cu12 6.0, and nvidia-nvcomp-cu12, which once had a copy",
    [
      "nvidia/libnvcomp/lib64/libnvcomp.so.6",
      "nvidia/nvcomp/libnvcomp.so.6",
      "nvidia/nvcomp/nvcomp_impl.cpython-313-x86_64-linux-gnu.so",
    ],
    { "libnvcomp.so.6": "nvidia/libnvcomp/lib64/libnvcomp.so.6" },
  ],
  [
    "nvidia-nvimgcodec-cu12 0.9, with plugins below it",
    [
      "nvidia/nvimgcodec/extensions/libnvjpeg_ext.so.0.9.0",
      "nvidia/nvimgcodec/libnvimgcodec.so.0",
      "nvidia/nvimgcodec/lib/nvimgcodec_impl.abi3.so",
      "nvidia/nvimgcodec/nvimgcodec_impl.cpython-313-x86_64-linux-gnu.so",
    ],
    {
      "extensions/libnvjpeg_ext.so.0.9.0": "nvidia/nvimgcodec/extensions/libnvjpeg_ext.so.0.9.0",
      "libnvimgcodec.so.0": "nvidia/nvimgcodec/libnvimgcodec.so.0",
    },
  ],
  ["others", ["torch/lib/libtorch.so", "nvidia_ml/lib/libone.so", "tensorrt_libs/libone.so"], {}],
])("libraries in the form of %s", async (_, paths, expected) => {
  const site = await temporaryDirectory();
  await writeFiles(site, Object.fromEntries(paths.map((path) => [path, ""])));

  const found = await librariesIn(site);

  expect(Object.fromEntries(found.map(({ path, place }) => [place, path]))).toEqual(expected);
});

test("a directory that is a link is another layer's", async () => {
  const [site, other] = [await temporaryDirectory(), await temporaryDirectory()];
  await writeFiles(other, { "cudnn/lib/libcudnn.so.9": "" });
  await symlink(other, join(site, "nvidia"));

  expect(await librariesIn(site)).toEqual([]);
});
