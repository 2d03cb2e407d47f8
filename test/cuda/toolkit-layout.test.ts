import { link, mkdir, readdir, readFile, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { moveWheels, settleToolkit } from "../../src/cuda/toolkit-layout.ts";
import { writeFiles } from "../support/phase.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const VERSIONS = { cuda: "12.8", nvcc: "12.8.93" };
const ENV = { PATH: process.env["PATH"] };

describe("wheels become a toolkit", () => {
  it("with those of CUDA 13, which share a directory of that form", async () => {
    const [site, toolkit] = [await temporaryDirectory(), await temporaryDirectory()];
    await writeFiles(site, {
      "nvidia/cu13/bin/nvcc": "",
      "nvidia/cu13/bin/crt/link.stub": "",
      "nvidia/cu13/include/cuda_runtime.h": "",
      "nvidia/cu13/lib/libcudart.so.13": "",
      "nvidia/cu13/lib/libnvrtc.alt.so.13": "",
      "nvidia/cu13/nvvm/bin/cicc": "",
      "nvidia/cudnn/include/cudnn.h": "",
      "nvidia/cudnn/lib/libcudnn.so.9": "",
      "nvidia_cublas-13.1.0.3.dist-info/METADATA": "",
    });

    await moveWheels(site, toolkit);
    await settleToolkit(toolkit, { cuda: "13.0", nvcc: "13.0.88" }, ENV);

    expect((await readdir(toolkit)).sort()).toEqual([
      ...["bin", "include", "lib", "lib64", "nvvm", "toolkit.json"],
    ]);
    expect((await readdir(join(toolkit, "include"))).sort()).toEqual(["cuda_runtime.h", "cudnn.h"]);
    expect(await readdir(join(toolkit, "bin"), { recursive: true })).toContain("crt/link.stub");
    expect(await readlink(join(toolkit, "lib64"))).toBe("lib");
    expect(await readlink(join(toolkit, "lib64/libcudart.so"))).toBe("libcudart.so.13");
    expect(await readlink(join(toolkit, "lib64/libcudnn.so"))).toBe("libcudnn.so.9");
  });

  it("with those that lie elsewhere", async () => {
    const [site, toolkit] = [await temporaryDirectory(), await temporaryDirectory()];
    await writeFiles(site, {
      "cutensor/include/cutensor.h": "",
      "cutensor/lib/libcutensor.so.2": "",
      "nvidia/cu13/lib/stubs/libnvidia-ml.so": "",
      "nvidia/libnvcomp/include/nvcomp.h": "",
      "nvidia/libnvcomp/lib64/libnvcomp.so.5": "",
      "nvidia/nvimgcodec/__init__.py": "",
      "nvidia/nvimgcodec/include/nvimgcodec.h": "",
      "nvidia/nvimgcodec/extensions/libnvjpeg_ext.so.0.9.0": "",
      "nvidia/nvimgcodec/libnvimgcodec.so.0": "",
      "nvidia/nvimgcodec/nvimgcodec_impl.cpython-313-x86_64-linux-gnu.so": "",
    });

    await moveWheels(site, toolkit);
    await settleToolkit(toolkit, VERSIONS, ENV);

    expect((await readdir(join(toolkit, "include"))).sort()).toEqual([
      ...["cutensor.h", "nvcomp.h", "nvimgcodec.h"],
    ]);
    expect((await readdir(join(toolkit, "lib"), { recursive: true })).sort()).toEqual([
      ...["extensions", "extensions/libnvjpeg_ext.so.0.9.0"],
      ...["libcutensor.so", "libcutensor.so.2", "libnvcomp.so", "libnvcomp.so.5"],
      ...["libnvimgcodec.so", "libnvimgcodec.so.0", "stubs", "stubs/libnvidia-ml.so"],
    ]);
  });

  it("with the others, which never take the place of the compiler's own files", async () => {
    const [site, toolkit] = [await temporaryDirectory(), await temporaryDirectory()];
    await writeFiles(toolkit, { "include/cuda_runtime.h": "of the compiler" });
    await writeFiles(site, {
      "nvidia/__init__.py": "",
      "nvidia/cublas/include/__init__.py": "",
      "nvidia/cublas/include/cublas_v2.h": "of the wheel",
      "nvidia/cublas/lib/libcublas.so.12": "",
      "nvidia/cuda_runtime/include/cuda_runtime.h": "of the wheel",
    });

    await moveWheels(site, toolkit);

    expect((await readdir(toolkit, { recursive: true })).sort()).toEqual([
      ...["include", "include/cublas_v2.h", "include/cuda_runtime.h", "lib"],
      "lib/libcublas.so.12",
    ]);
    expect(await readFile(join(toolkit, "include/cuda_runtime.h"), "utf8")).toBe("of the compiler");
  });
});

// As https://pypi.org/project/nvidia-cuda-nvcc-cu12/12.8.93/ and 13.0.88 of its successor have them.
const DECLARATIONS = {
  "12.8": [
    "extern __DEVICE_FUNCTIONS_DECL__ __device_builtin__ double                 rsqrt(double x);",
    "extern __DEVICE_FUNCTIONS_DECL__ __device_builtin__ double                 sinpi(double x);",
    "extern __DEVICE_FUNCTIONS_DECL__ __device_builtin__ float                  cospif(float x);",
    "extern __DEVICE_FUNCTIONS_DECL__ __device_builtin__ void                   sincospi(double x, double *sptr, double *cptr);",
    "__MATH_FUNCTIONS_DECL__ float sinpi(const float a);",
    "__func__(double sinpi(double a));",
  ],
  "13.0": [
    "extern __DEVICE_FUNCTIONS_DECL__ __device_builtin__ double                 cospi(double x) __NV_IEC_60559_FUNCS_EXCEPTION_SPECIFIER;",
  ],
};

describe("the headers of CUDA", () => {
  it("before 13 declare cospi and sinpi as Debian's C library does", async () => {
    const toolkit = await temporaryDirectory();
    await writeFiles(toolkit, { "include/crt/math_functions.h": DECLARATIONS["12.8"].join("\n") });
    const header = join(toolkit, "include/crt/math_functions.h");
    // uv installs hard links into its cache, which must stay as it is.
    await link(header, join(toolkit, "cached.h"));

    await settleToolkit(toolkit, VERSIONS, ENV);

    const mended = (await readFile(header, "utf8")).split("\n");
    expect(mended.filter((line) => line.endsWith("__THROW;"))).toEqual([
      `${DECLARATIONS["12.8"][1]?.slice(0, -1)} __THROW;`,
      `${DECLARATIONS["12.8"][2]?.slice(0, -1)} __THROW;`,
    ]);
    expect(await readFile(join(toolkit, "cached.h"), "utf8")).not.toContain("__THROW");
  });

  it("from 13 on stay as they are", async () => {
    const toolkit = await temporaryDirectory();
    await writeFiles(toolkit, { "include/crt/math_functions.h": DECLARATIONS["13.0"].join("\n") });
    const header = join(toolkit, "include/crt/math_functions.h");
    const { ino } = await stat(header);

    await settleToolkit(toolkit, { cuda: "13.0", nvcc: "13.0.88" }, ENV);

    expect((await stat(header)).ino).toBe(ino);
  });
});

it("an archive's own lib64 and stubs stay", async () => {
  const toolkit = await temporaryDirectory();
  await writeFiles(toolkit, { "lib/stubs/libcuda.so": "NVIDIA's", "include/cuda.h": "" });
  await mkdir(join(toolkit, "lib64"));

  await settleToolkit(toolkit, VERSIONS, ENV);

  expect(await readFile(join(toolkit, "lib/stubs/libcuda.so"), "utf8")).toBe("NVIDIA's");
  expect((await stat(join(toolkit, "lib64"))).isDirectory()).toBe(true);
});
