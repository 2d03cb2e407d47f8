import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { askEngine, findEngine } from "../../scripts/lib/engine.ts";
import { prepareStack } from "../../scripts/lib/stack.ts";
import { makeTemporaryFolder } from "../../scripts/lib/temporary-folder.ts";
import type { PublishedWheel } from "./wheel-index.ts";
import { ballast, noise } from "./wheels.ts";

/**
 * torch 2.11 as its indexes have it, with NVIDIA's wheels and all that it depends on: the metadata
 * are the real ones, shortened; the libraries are small, and find each other as the real ones do.
 * https://pypi.org/project/torch/2.11.0/
 */
export async function torchWheels(): Promise<readonly PublishedWheel[]> {
  const libraries = await compileLibraries();
  const usual = [
    "filelock",
    "typing-extensions>=4.10.0",
    "sympy>=1.13.3",
    "jinja2",
    "fsspec>=0.8.5",
  ];
  const torch = (
    backend: string,
    requires: readonly string[],
    files: PublishedWheel["files"],
  ): PublishedWheel => ({
    ...{ index: `whl/${backend}`, name: "torch", version: `2.11.0+${backend}` },
    requires: [...usual, ...requires],
    files: { ...files, "torch/ballast.bin": ballast(`torch ${backend}`) },
  });
  const forCuda = (major: "12" | "13") => ({
    "torch/__init__.py": `import ctypes, os
here = os.path.dirname(__file__)
loaded = f"with CUDA {ctypes.CDLL(os.path.join(here, 'lib', 'libtorch_cuda.so')).cuda()}"
__version__ = __import__("importlib.metadata").metadata.version("torch")
`,
    "torch/lib/libtorch_cuda.so": libraries[`libtorch_cuda.so.${major}`],
  });
  const simple = (name: string, version: string, files: PublishedWheel["files"] = {}) => ({
    ...{ index: "simple", name, version },
    files: Object.keys(files).length > 0 ? files : { [`${name.replaceAll("-", "_")}.py`]: "" },
  });
  return [
    torch("cpu", [], {
      "torch/__init__.py": `loaded = "for CPUs"
__version__ = __import__("importlib.metadata").metadata.version("torch")
`,
    }),
    torch(
      "cu128",
      [
        'nvidia-cublas-cu12==12.8.4.1; platform_system == "Linux"',
        'nvidia-cuda-runtime-cu12==12.8.90; platform_system == "Linux"',
        'nvidia-nccl-cu12==2.28.9; platform_system == "Linux"',
        'triton==3.6.0; platform_system == "Linux"',
      ],
      forCuda("12"),
    ),
    torch(
      "cu130",
      [
        'cuda-toolkit[cublas,cudart]==13.0.2; platform_system == "Linux"',
        'nvidia-nccl-cu13==2.28.9; platform_system == "Linux"',
        'triton==3.6.0; platform_system == "Linux"',
      ],
      forCuda("13"),
    ),
    // Copies of what PyPI has, older ones among them, as on torch's own indexes.
    { ...simple("filelock", "3.13.1"), index: "whl/cpu" },
    { ...simple("filelock", "3.13.1"), index: "whl/cu128" },
    simple("filelock", "3.20.0"),
    simple("typing-extensions", "4.15.0"),
    simple("sympy", "1.14.0"),
    simple("jinja2", "3.1.6"),
    simple("fsspec", "2025.10.0"),
    simple("triton", "3.6.0"),
    {
      ...simple("cuda-toolkit", "13.0.2"),
      requires: [
        'nvidia-cublas==13.1.0.3; extra == "cublas"',
        'nvidia-cuda-runtime==13.0.96; extra == "cudart"',
      ],
    },
    simple("nvidia-cublas-cu12", "12.8.4.1", {
      "nvidia/__init__.py": "",
      "nvidia/cublas/__init__.py": "",
      "nvidia/cublas/lib/libcublas.so.12": libraries["libcublas.so.12"],
      "nvidia/cublas/ballast.bin": noise("cublas 12", 60),
    }),
    simple("nvidia-cuda-runtime-cu12", "12.8.90", {
      "nvidia/__init__.py": "",
      "nvidia/cuda_runtime/lib/libcudart.so.12": libraries["libcudart.so.12"],
    }),
    simple("nvidia-nccl-cu12", "2.28.9", {
      "nvidia/nccl/lib/libnccl.so.2": libraries["libnccl.so.2"],
    }),
    simple("nvidia-cublas", "13.1.0.3", {
      "nvidia/cu13/lib/libcublas.so.13": libraries["libcublas.so.13"],
      "nvidia/cu13/ballast.bin": noise("cublas 13", 60),
    }),
    simple("nvidia-cuda-runtime", "13.0.96", {
      "nvidia/cu13/lib/libcudart.so.13": libraries["libcudart.so.13"],
    }),
    simple("nvidia-nccl-cu13", "2.28.9", {
      "nvidia/nccl/lib/libnccl.so.2": libraries["libnccl.so.2"],
    }),
  ];
}

const LIBRARIES = [
  "libcublas.so.12",
  "libcublas.so.13",
  "libcudart.so.12",
  "libcudart.so.13",
  "libnccl.so.2",
  "libtorch_cuda.so.12",
  "libtorch_cuda.so.13",
] as const;

type Libraries = Readonly<Record<(typeof LIBRARIES)[number], Uint8Array>>;

async function compileLibraries(): Promise<Libraries> {
  const engine = await findEngine();
  const { build } = await prepareStack(engine, "cpu");
  const folder = await makeTemporaryFolder();
  await chmod(folder, 0o777);
  await askEngine(
    engine,
    [
      ...["run", "--rm", "--interactive", "--network=none", "--volume", `${folder}:/out`],
      ...["--workdir=/out", build, "sh", "-eu"],
    ],
    { input: COMPILE },
  );
  const files = LIBRARIES.map(async (name) => [name, await readFile(join(folder, name))] as const);
  return Object.fromEntries(await Promise.all(files)) as unknown as Libraries;
}

/** The RPATHs are those of torch's wheels: https://github.com/pytorch/pytorch/blob/main/.ci/manywheel/build_cuda.sh */
const COMPILE = `make() { echo "$2" | gcc -shared -fPIC -x c - -o "$1" -Wl,-soname,"$1" $3; }
make libcudart.so.12 "int cudart(void) { return 12; }" ""
make libcudart.so.13 "int cudart(void) { return 13; }" ""
make libnccl.so.2 "int nccl(void) { return 2; }" ""
for major in 12 13; do
  make libcublas.so.$major "int cublas(void) { return $major; }" ""
  place=$([ $major = 12 ] && echo cublas/lib || echo cu13/lib)
  echo "int cublas(void); int cuda(void) { return cublas(); }" | gcc -shared -fPIC -x c - -x none -o libtorch_cuda.so.$major \\
    libcublas.so.$major -Wl,--disable-new-dtags,-rpath,'$ORIGIN/../../nvidia/'$place
done
`;
