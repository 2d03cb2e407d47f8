import { build } from "esbuild";
import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { findCaBundle } from "../../../scripts/lib/ca-bundle.ts";
import { readAll } from "../../../scripts/lib/command.ts";
import { type Engine, findEngine } from "../../../scripts/lib/engine.ts";
import { SOURCE_MODULES } from "../../../scripts/lib/source-modules.ts";
import { prepareStack } from "../../../scripts/lib/stack.ts";
import { formatToml } from "../../../src/cnb/toml.ts";
import { elfStub, DT_SONAME } from "../../../src/kit/elf-stub.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { makeWheel } from "../../support/wheels.ts";

let engine: Engine;
let image: string;

beforeAll(async () => {
  engine = await findEngine();
  image = (await prepareStack(engine, "cpu")).build;
});

describe("the layer libraries", () => {
  it("has what the loader opens, of one toolkit, the same bytes everywhere", async () => {
    const wheels = await wheelsOfCuda12();
    const env = { LIBRARIES: "cublas cudnn" };

    const one = await buildIn(wheels, { env, after: FILES });
    const two = await buildIn(wheels, { env, after: FILES, umask: "077" });

    expect(after(one, "FILES")).toMatchInlineSnapshot(`
      "FILES
      libraries
      libraries.sbom.cdx.json
      libraries.toml
      drwxr-xr-x . 
      drwxr-xr-x ./lib 
      -rw-r--r-- ./lib/libcublas.so.12 
      -rw-r--r-- ./lib/libcudnn.so 
      lrwxrwxrwx ./lib/libcudnn.so.9 libcudnn.so
      -rw-r--r-- ./lib/libnvrtc-builtins.so.12.8 
      -rw-r--r-- ./lib/libnvrtc.so.12 
      drwxr-xr-x ./licenses 
      drwxr-xr-x ./licenses/nvidia_cublas_cu12 
      -rw-r--r-- ./licenses/nvidia_cublas_cu12/License.txt 
      46748282655d8e8d4fe4da4e90da3d5bde1b4e88e5d7739eb9b79a4a67007a37  -
            "purl": "pkg:pypi/cuda-toolkit@12.8.2"
            "purl": "pkg:pypi/nvidia-cublas-cu12@12.8.5.5"
            "purl": "pkg:pypi/nvidia-cuda-nvrtc-cu12@12.8.93"
            "purl": "pkg:pypi/nvidia-cudnn-cu12@9.10.2.21"
      layout = 2
      cuda = "12.8"
      libraries = [ "cublas", "cudnn" ]
      arch = "amd64"
      layersDir = "/layers/hardware"

        [[metadata.packages]]
        from = "wheel"
        name = "cuda-toolkit"
        version = "12.8.2"

        [[metadata.packages]]
        from = "wheel"
        name = "nvidia-cublas-cu12"
        version = "12.8.5.5"

        [[metadata.packages]]
        from = "wheel"
        name = "nvidia-cuda-nvrtc-cu12"
        version = "12.8.93"

        [[metadata.packages]]
        from = "wheel"
        name = "nvidia-cudnn-cu12"
        version = "9.10.2.21""
    `);
    expect(after(two, "FILES")).toBe(after(one, "FILES"));
    expect(before(one, "FILES")).toMatchInlineSnapshot(`
      "Installing cublas and cudnn of CUDA 12.8
      Using find-links links (from PIP_FIND_LINKS)
      Using no-index 1 (from PIP_NO_INDEX)
      Installed nvidia-cublas-cu12 12.8.5.5, nvidia-cuda-nvrtc-cu12 12.8.93, nvidia-cudnn-cu12 9.10.2.21
      "
    `);
  });

  it("is kept without a look at the index, and keeps versions where another is added", async () => {
    const wheels = await wheelsOfCuda12();
    const more = `cp /wheels/later/* /tmp/app/links && LIBRARIES="cudnn curand" ${BUILD}`;

    const output = await buildIn(wheels, {
      env: { LIBRARIES: "cudnn" },
      after: [
        ...[RESTORE, `PIP_FIND_LINKS=nowhere ${BUILD}`, "ls /layers/hardware"],
        ...[RESTORE, more],
        ...[RESTORE, `LIBRARIES="cudnn curand" BP_LOCK_EPOCH=2 ${BUILD}`],
      ].join(" && "),
    });

    expect(output).toMatchInlineSnapshot(`
      "Installing cudnn of CUDA 12.8
      Using find-links links (from PIP_FIND_LINKS)
      Using no-index 1 (from PIP_NO_INDEX)
      Installed nvidia-cublas-cu12 12.8.5.5, nvidia-cuda-nvrtc-cu12 12.8.93, nvidia-cudnn-cu12 9.10.2.21

      Reusing CUDA 12.8's libraries (nvidia-cublas-cu12 12.8.5.5, nvidia-cuda-nvrtc-cu12 12.8.93, nvidia-cudnn-cu12 9.10.2.21)
      libraries.sbom.cdx.json
      libraries.toml

      Discarding CUDA's libraries since:
       - The list of libraries has changed
      Installing cudnn and curand of CUDA 12.8
      Using find-links links (from PIP_FIND_LINKS)
      Using no-index 1 (from PIP_NO_INDEX)
      Compared with the previous lock:
       - nvidia-curand-cu12 10.3.9.90 added
      Installed nvidia-cublas-cu12 12.8.5.5, nvidia-cuda-nvrtc-cu12 12.8.93, nvidia-cudnn-cu12 9.10.2.21, nvidia-curand-cu12 10.3.9.90

      Discarding CUDA's libraries since:
       - BP_LOCK_EPOCH has changed
      Installing cudnn and curand of CUDA 12.8
      Using find-links links (from PIP_FIND_LINKS)
      Using no-index 1 (from PIP_NO_INDEX)
      Compared with the previous lock:
       - nvidia-cudnn-cu12 9.10.2.21 → 9.11.0.98
      Installed nvidia-cublas-cu12 12.8.5.5, nvidia-cuda-nvrtc-cu12 12.8.93, nvidia-cudnn-cu12 9.11.0.98, nvidia-curand-cu12 10.3.9.90"
    `);
  });

  it("has those that lie outside of nvidia/*/lib, with the plugins of one below it", async () => {
    const wheels = await wheelsOfCuda12();

    const output = await buildIn(wheels, {
      env: { LIBRARIES: "cutensor nvcomp nvimgcodec" },
      after: "echo FILES && cd /layers/hardware/libraries/lib && find . ! -type d | sort",
    });

    expect(after(output, "Installed")).toMatchInlineSnapshot(`
      "Installed cutensor-cu12 2.3.1, nvidia-libnvcomp-cu12 6.0.0.12, nvidia-nvimgcodec-cu12 0.9.0.20
      FILES
      ./extensions/libnvjpeg_ext.so.0.9.0
      ./libcutensor.so.2
      ./libnvcomp.so.6
      ./libnvimgcodec.so.0"
    `);
  });

  it("of words that bring none: a failure that names them", async () => {
    const wheels = await wheelsOfCuda12();

    const output = await failureIn(wheels, { env: { LIBRARIES: "cublas cccl nvvm" } });

    expect(after(output, "[Error")).toMatchInlineSnapshot(`
      "[Error: CUDA 12.8 has no library cccl or nvvm for the image]

      Found:
      - nvidia-cuda-cccl-cu12 12.8.90, which holds no shared library
      - nvvm, which CUDA 12.8 does not have

      Needed: in hardware.txt, after the word 'libraries', only what programs load when they run. Headers and compilers are for builds; the line 'toolkit' brings them there.

      "
    `);
  });

  it("that the index does not have: a failure that says what was looked for", async () => {
    const wheels = await wheelsOfCuda12();

    const output = await failureIn(wheels, { env: { LIBRARIES: "cublas nccl" } });

    expect(output).toMatchInlineSnapshot(`
      "Installing cublas and nccl of CUDA 12.8
      Using find-links links (from PIP_FIND_LINKS)
      Using no-index 1 (from PIP_NO_INDEX)

      [Error: The index does not have the wheels of CUDA's libraries]

      Looked for:
      - cuda-toolkit[cublas,nvrtc]==12.8.*
      - nvidia-nccl-cu12

      Found: Because nvidia-nccl-cu12 was not found in the provided package locations and you require nvidia-nccl-cu12, we can conclude that your requirements are unsatisfiable.

      They are NVIDIA's own, from https://pypi.org. Where PIP_INDEX_URL names another index, it must have them, too; or name a version of CUDA in hardware.txt that it has.

      "
    `);
  });
});

describe("the toolkit", () => {
  it("of CUDA 13 is made of wheels, with the libraries of the app's lock", async () => {
    const { directory, lock } = await wheelsOfCuda13();
    await writeFile(join(directory, "lock.json"), JSON.stringify(lock));
    const env = {
      TOOLKIT: "1",
      ML_BUILDPACKS_LOCK: "/wheels/lock.json",
    };

    const output = await buildIn(directory, {
      env,
      after:
        "cd /layers/hardware && ls -d * && cd toolkit && find . ! -type d | sort && readelf --dyn-syms lib64/stubs/libcuda.so | grep -o 'cu[A-Z].*'",
    });

    expect(output).toMatchInlineSnapshot(`
      "  Installing CUDA 13.0's compiler and headers, for this build alone
        Installed CUDA 13.0's compiler (nvcc 13.0.88)
      nvcc 13.0.88 for CUDA 13.0
      toolkit
      ./bin/nvcc
      ./bin/nvcc.profile
      ./include/cublas_v2.h
      ./include/cuda.h
      ./include/cuda_runtime.h
      ./lib/libcublas.so
      ./lib/libcublas.so.13
      ./lib/libcudart.so
      ./lib/libcudart.so.13
      ./lib/libcudart_static.a
      ./lib/stubs/libcuda.so
      ./lib64
      ./nvvm/bin/cicc
      ./toolkit.json
      cuInit
      cuMemAlloc
      cuMemAlloc_v2"
    `);
  });
});

it("the toolkit of an app without Python is for the CUDA version of its libraries", async () => {
  const output = await failureIn(await wheelsOfCuda12(), {
    env: {
      ...{ LIBRARIES: "curand", TOOLKIT: "1", ...cudaHardware("") },
      BP_CUDA_REDIST_MIRROR: "http://127.0.0.1:9",
    },
  });

  expect(output).toContain("Installing CUDA 12.8's compiler");
});

// 105 MB from https://pypi.org/project/nvidia-cuda-nvcc/ and others.
describe("CUDA's own compiler", () => {
  it("compiles with the build image's g++, the same bytes each time", async () => {
    const program = [
      "#include <cmath>",
      "namespace { __global__ void scale(float *x) { x[threadIdx.x] *= cospif(2.0f); } }",
      "void run(float *x) { scale<<<1, 32>>>(x); }",
    ];
    const directory = await readableDirectory();
    await writeFile(join(directory, "scale.cu"), program.join("\n"));
    const nvcc = "/layers/hardware/toolkit/bin/nvcc -objtemp -arch=sm_80 -Xcompiler -fPIC";

    const output = await buildIn(directory, {
      env: { TOOLKIT: "1", ...cudaHardware("==13.0"), PIP_NO_INDEX: "", PIP_FIND_LINKS: "" },
      after: [
        "mkdir /tmp/one /tmp/two && cp /wheels/scale.cu /tmp",
        ...["one", "two"].map((name) => `cd /tmp && ${nvcc} -c -o ${name}/scale.o scale.cu`),
        "cmp /tmp/one/scale.o /tmp/two/scale.o && echo the same bytes",
        `${nvcc} -shared -o scale.so one/scale.o -lcuda && readelf -d scale.so | grep -c NEEDED`,
      ].join(" && "),
    });

    expect(output).toContain("nvcc 13.0.");
    expect(output).toContain("the same bytes");
  });
});

/** What ml-buildpacks/hardware hands on for a line such as "cuda==13.0". */
function cudaHardware(specifier: string) {
  const origin = { file: "hardware.txt", line: 1 };
  const line = { name: "cuda", specifier, text: `cuda${specifier}`, assumed: false, origin };
  return {
    ML_BUILDPACKS_HARDWARE: JSON.stringify({ accelerator: line, gpus: [], libraries: [] }),
  };
}

const BUILD = "node /buildpack/build.cjs";

/** What the lifecycle gives back of a launch layer: its metadata alone. */
const RESTORE =
  "echo && rm -rf /layers/hardware/libraries && sed -i /^.types.$/,/^$/d /layers/hardware/libraries.toml";

const FILES = [
  ...["echo FILES", "cd /layers/hardware", "ls -d *", "cd libraries"],
  "find . -printf '%M %p %l\\n' | sort -k 2",
  "find . -type f -exec sha256sum {} + | sort | sha256sum",
  "grep '\"purl\"' ../libraries.sbom.cdx.json",
  "sed '1,/metadata/d' ../libraries.toml | grep -v sha256",
].join(" && ");

const after = (output: string, mark: string) => output.slice(output.indexOf(mark));
const before = (output: string, mark: string) => output.slice(0, output.indexOf(mark));

function library(soname: string): Uint8Array {
  return elfStub([[DT_SONAME, soname]]);
}

/** As those of https://pypi.org/project/cuda-toolkit/12.8.2/ are, with little in them. */
async function wheelsOfCuda12(): Promise<string> {
  const directory = await readableDirectory();
  const later = join(directory, "later");
  await mkdir(later, { mode: 0o755 });
  const licensed = (name: string) => ({ [`${name}.dist-info/License.txt`]: "NVIDIA's" });
  await makeWheel(directory, {
    ...{ name: "cuda-toolkit", version: "12.8.2", files: {} },
    extras: ["all", "cccl", "cublas", "curand", "nvrtc"],
    requires: [
      "nvidia-cublas-cu12==12.8.5.5; extra == 'cublas' or extra == 'all'",
      "nvidia-cuda-cccl-cu12==12.8.90; extra == 'cccl' or extra == 'all'",
      "nvidia-curand-cu12==10.3.9.*; extra == 'curand' or extra == 'all'",
      "nvidia-cuda-nvrtc-cu12==12.8.93; extra == 'nvrtc' or extra == 'all'",
    ],
  });
  await makeWheel(directory, {
    ...{ name: "nvidia-cublas-cu12", version: "12.8.5.5", requires: ["nvidia-cuda-nvrtc-cu12"] },
    files: {
      "nvidia/__init__.py": "",
      "nvidia/cublas/include/cublas_v2.h": "",
      "nvidia/cublas/lib/__init__.py": "",
      "nvidia/cublas/lib/libcublas.so.12": library("libcublas.so.12"),
      "nvidia/cublas/lib/libcublas_static.a": "",
      ...licensed("nvidia_cublas_cu12-12.8.5.5"),
    },
  });
  for (const version of ["12.8.93", "12.9.86"]) {
    const minor = version.slice(0, 4);
    await makeWheel(directory, {
      ...{ name: "nvidia-cuda-nvrtc-cu12", version },
      files: {
        "nvidia/cuda_nvrtc/lib/libnvrtc.so.12": library("libnvrtc.so.12"),
        "nvidia/cuda_nvrtc/lib/libnvrtc.alt.so.12": library("libnvrtc.alt.so.12"),
        [`nvidia/cuda_nvrtc/lib/libnvrtc-builtins.so.${minor}`]: library(
          `libnvrtc-builtins.so.${minor}`,
        ),
      },
    });
  }
  await makeWheel(directory, {
    ...{ name: "nvidia-cudnn-cu12", version: "9.10.2.21", requires: ["nvidia-cublas-cu12"] },
    // A name that is not the one which the loader looks for.
    files: { "nvidia/cudnn/lib/libcudnn.so": library("libcudnn.so.9") },
  });
  await makeWheel(directory, {
    ...{ name: "nvidia-curand-cu12", version: "10.3.9.90" },
    files: { "nvidia/curand/lib/libcurand.so.10": library("libcurand.so.10") },
  });
  await makeWheel(directory, {
    ...{ name: "cutensor-cu12", version: "2.3.1" },
    files: { "cutensor/lib/libcutensor.so.2": library("libcutensor.so.2") },
  });
  await makeWheel(directory, {
    ...{ name: "nvidia-libnvcomp-cu12", version: "6.0.0.12" },
    files: { "nvidia/libnvcomp/lib64/libnvcomp.so.6": library("libnvcomp.so.6") },
  });
  await makeWheel(directory, {
    ...{ name: "nvidia-nvimgcodec-cu12", version: "0.9.0.20" },
    files: {
      "nvidia/nvimgcodec/__init__.py": "",
      "nvidia/nvimgcodec/extensions/libnvjpeg_ext.so.0.9.0": library("libnvjpeg_ext.so.0"),
      "nvidia/nvimgcodec/libnvimgcodec.so.0": library("libnvimgcodec.so.0"),
      "nvidia/nvimgcodec/nvimgcodec_impl.cpython-313-x86_64-linux-gnu.so": library("none.so"),
    },
  });
  await makeWheel(directory, {
    ...{ name: "nvidia-cuda-cccl-cu12", version: "12.8.90" },
    files: { "nvidia/cuda_cccl/include/cuda/std/array": "" },
  });
  await makeWheel(later, {
    ...{ name: "nvidia-cudnn-cu12", version: "9.11.0.98", requires: ["nvidia-cublas-cu12"] },
    files: { "nvidia/cudnn/lib/libcudnn.so.9": library("libcudnn.so.9") },
  });
  return directory;
}

/** As those of https://pypi.org/project/cuda-toolkit/13.0.2/ are, with little in them. */
async function wheelsOfCuda13() {
  const directory = await readableDirectory();
  const parts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "nvidia-cuda-nvcc": { "bin/nvcc": "#!/bin/sh\n", "bin/nvcc.profile": "" },
    "nvidia-cuda-runtime": {
      "include/cuda.h":
        "#define cuMemAlloc cuMemAlloc_v2\nCUresult CUDAAPI cuInit(unsigned int Flags);\nCUresult CUDAAPI cuMemAlloc(CUdeviceptr *p, size_t n);\n",
      "include/cuda_runtime.h": "",
      "lib/libcudart.so.13": "",
      "lib/libcudart_static.a": "",
    },
    "nvidia-nvvm": { "nvvm/bin/cicc": "" },
    "nvidia-cublas": { "include/cublas_v2.h": "", "lib/libcublas.so.13": "" },
  };
  const lock = [];
  const extras = ["cccl", "crt", "cudart", "culibos", "nvcc", "nvml", "nvtx", "nvvm", "profiler"];
  for (const [name, files] of Object.entries(parts)) {
    const placed = Object.entries(files).map(([path, text]) => [`nvidia/cu13/${path}`, text]);
    const wheel = await makeWheel(directory, {
      ...{ name, version: "13.0.88", files: Object.fromEntries(placed) },
    });
    if (name === "nvidia-cublas" || name === "nvidia-cuda-runtime") lock.push(wheel);
  }
  await makeWheel(directory, {
    ...{ name: "cuda-toolkit", version: "13.0.3", files: {}, extras },
    requires: ["nvcc", "nvvm", "cudart"].map((extra) => {
      const name = { nvcc: "cuda-nvcc", nvvm: "nvvm", cudart: "cuda-runtime" }[extra];
      return `nvidia-${name}==13.0.88; extra == '${extra}'`;
    }),
  });
  // One that is newer than the release that is taken at each build, and brings nothing.
  await makeWheel(directory, {
    ...{ name: "cuda-toolkit", version: "13.0.9", files: {}, extras },
  });
  const uvArguments = ["--no-index", "--find-links", "/tmp/app/links"];
  return {
    directory,
    lock: {
      ...{ manager: "pip", distributions: lock, uvArguments, buildArguments: [] },
      accelerated: { accelerator: "cuda", cuda: "13.0" },
    },
  };
}

interface Machine {
  readonly env: Readonly<Record<string, string>>;
  readonly after?: string;
  readonly umask?: string;
}

/** Builds in a fresh container, with an index that is a directory; gives all that was printed. */
async function buildIn(
  wheels: string,
  { env, after: next = "true", umask = "022" }: Machine,
): Promise<string> {
  const bundled = await bundle();
  const variables = {
    CNB_LAYERS_DIR: "/layers/hardware",
    CNB_PLATFORM_DIR: "/tmp",
    CNB_BUILDPACK_DIR: "/buildpack",
    CNB_BP_PLAN_PATH: "/tmp/plan.toml",
    CNB_TARGET_OS: "linux",
    CNB_TARGET_ARCH: "amd64",
    CUDA: "12.8",
    PIP_NO_INDEX: "1",
    PIP_FIND_LINKS: "links",
    ...(findCaBundle() === undefined ? {} : { SSL_CERT_FILE: "/buildpack/roots.pem" }),
    ...env,
  };
  const script = [
    ...["mkdir -p /layers/hardware", "mkdir -p /tmp/app/links"],
    ...["cp /wheels/*.whl /tmp/app/links || true", "cd /tmp/app", `umask ${umask}`, BUILD, next],
  ].join(" && ");
  return readAll(
    engine.cli,
    ["run", "--rm", "--network=host", "--tmpfs=/layers:exec,mode=1777"]
      .concat(Object.entries(variables).map(([key, value]) => `--env=${key}=${value}`))
      .concat(`--volume=${bundled}:/buildpack:ro`, `--volume=${wheels}:/wheels:ro`)
      .concat(image, "sh", "-c", script),
    { env: engine.env },
  );
}

async function failureIn(wheels: string, machine: Machine): Promise<string> {
  return buildIn(wheels, machine).catch(
    (error: { readonly output?: string }) => error.output ?? "",
  );
}

async function bundle(): Promise<string> {
  const directory = await readableDirectory();
  const bin = join(directory, "bin");
  await mkdir(bin, { mode: 0o755 });
  await build({
    entryPoints: [join(import.meta.dirname, "layers-driver.ts")],
    outfile: join(directory, "build.cjs"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    ...SOURCE_MODULES,
    logLevel: "warning",
  });
  // What makes the toolkit calls it by this name.
  await writeFile(join(bin, "build"), '#!/bin/sh\nexec node "${0%/*}/../build.cjs" "$@"\n');
  await chmod(join(bin, "build"), 0o755);
  const roots = findCaBundle();
  if (roots !== undefined) await copyFile(roots, join(directory, "roots.pem"));
  const formats = ["application/vnd.cyclonedx+json"];
  const buildpack = { id: "test/hardware", version: "1.2.3", "sbom-formats": formats };
  await writeFile(join(directory, "buildpack.toml"), formatToml({ api: "0.10", buildpack }));
  return directory;
}

/** Containers that are given it run as another user. */
async function readableDirectory(): Promise<string> {
  const path = await temporaryDirectory();
  await chmod(path, 0o755);
  return path;
}
