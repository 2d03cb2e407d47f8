import { describe, expect, test } from "vitest";
import { choose } from "../../src/accelerator/choose.ts";
import { complete, type Completion } from "../../src/accelerator/complete.ts";
import type { Demand } from "../../src/accelerator/demand.ts";
import type { Hardware } from "../../src/accelerator/hardware.ts";
import { demandsOf, found, hardwareOf } from "./support.ts";

function completed(
  lines: readonly string[],
  hardware: Hardware,
  others: readonly Demand[] = [],
): Completion {
  const demands = [...demandsOf(lines), ...others];
  const choice = choose({ hardware, demands, indexes: [], python: "3.12" });
  expect(choice.problems).toEqual([]);
  return complete(demands, choice, hardware);
}

function added(
  lines: readonly string[],
  hardware: Hardware,
  others: readonly Demand[] = [],
): readonly string[] {
  return completed(lines, hardware, others).additions.map(({ line }) => line);
}

const cuda = (version: string) => hardwareOf(`cuda==${version}`);

describe("on CUDA", () => {
  test("what brings no libraries gets them by its own extra, in the versions of one toolkit", () => {
    expect(completed(["onnxruntime-gpu"], hardwareOf("cuda"))).toEqual({
      additions: [
        {
          line: "onnxruntime-gpu[cuda,cudnn]",
          because: "without the extra it brings no libraries of CUDA",
        },
        {
          line: "cuda-toolkit[cublas,cudart,cufft,curand,nvjitlink,nvrtc]==13.0.*",
          because: "for onnxruntime-gpu",
        },
      ],
      excludes: ["onnxruntime"],
    });
  });

  test("versions for this CUDA are asked for, before and after they are found", () => {
    const expected = [
      "onnxruntime-gpu[cuda,cudnn]>=1.19,<1.27",
      "cuda-toolkit[cublas,cudart,cufft,curand,nvjitlink,nvrtc]==12.8.*",
    ];

    expect(added(["onnxruntime-gpu"], cuda("12.8"))).toEqual(expected);
    expect(added(["onnxruntime-gpu"], cuda("12.8"), found("onnxruntime-gpu==1.31.1"))).toEqual(
      expected,
    );
    expect(added(["onnxruntime-gpu"], cuda("12.8"), found("onnxruntime-gpu==1.26.0"))).toEqual(
      expected,
    );
  });

  test("versions without an extra get the wheels by their names", () => {
    expect(added(["onnxruntime-gpu==1.20.1"], cuda("12.6"))).toEqual([
      "cuda-toolkit[cublas,cudart,cufft,curand,nvjitlink,nvrtc]==12.6.*",
      "nvidia-cudnn-cu12==9.*",
    ]);
    expect(added(["tensorflow==2.17.0"], cuda("12.6"))).toContain("nvidia-cudnn-cu12==8.*");
  });

  test("an extra that pins another CUDA is of no use", () => {
    expect(added(["tensorflow==2.18.0"], hardwareOf("cuda"))).toEqual(["tensorflow[and-cuda]"]);
    expect(added(["tensorflow==2.18.0"], cuda("12.8"))).not.toContain("tensorflow[and-cuda]");
  });

  test("torch brings libraries for others, in its own versions", () => {
    expect(added(["torch", "ctranslate2"], cuda("12.8"))).toEqual([]);
    expect(added(["torch", "onnxruntime-gpu"], cuda("12.8"))).toEqual([
      "onnxruntime-gpu[cuda,cudnn]>=1.19,<1.27",
    ]);
    expect(added(["torch==2.8.0", "tensorflow==2.18.0"], cuda("12.8"))).toEqual([
      "nvidia-curand-cu12",
      "nvidia-cuda-nvcc-cu12",
    ]);
  });

  test("JAX gets its plugin, unless the app asks for it itself", () => {
    expect(added(["jax", "torch"], cuda("13.0"))).toEqual(["jax[cuda13]"]);
    expect(added(["jax", "torch"], cuda("12.8"))).toEqual(["jax[cuda12]"]);
    expect(added(["jax[cuda12]", "torch"], cuda("12.8"))).toEqual([]);
    expect(added(["jax[cuda13]"], cuda("13.0"))).toEqual([
      "cuda-toolkit[crt,cublas,cudart,cufft,cupti,cusolver,cusparse,nvcc,nvjitlink,nvrtc,nvvm]==13.0.*",
    ]);
  });

  test("packages that another one needs get theirs, too", () => {
    expect(added(["faster-whisper"], cuda("12.8"), found("ctranslate2==4.8.5"))).toEqual([
      "cuda-toolkit[cublas,nvrtc]==12.8.*",
    ]);
  });

  test("libraries of hardware.txt are added, with their line", () => {
    const hardware = hardwareOf("cuda==12.8", "libraries cublas cudnn");

    expect(completed(["numpy"], hardware).additions).toEqual([
      {
        line: "cuda-toolkit[cublas,nvrtc]==12.8.*",
        because: "hardware.txt, line 2 (libraries cublas cudnn)",
      },
      { line: "nvidia-cudnn-cu12", because: "hardware.txt, line 2 (libraries cublas cudnn)" },
    ]);
    expect(added(["torch"], hardwareOf("cuda==12.8", "libraries cudnn npp"))).toEqual([
      "nvidia-npp-cu12",
    ]);
  });

  test("what a package does without is left out in another CUDA's version", () => {
    const others = found("xgboost==3.4.1", "nvidia-nccl-cu13==2.30.7");

    expect(completed(["xgboost"], cuda("12.8"), others).excludes).toContain("nvidia-nccl-cu13");
    expect(completed(["xgboost"], cuda("13.0"), others).excludes).not.toContain("nvidia-nccl-cu13");
  });

  test("the CPU's build of the same files is left out, unless the app asks for both", () => {
    const lines = ["onnxruntime-gpu", "onnxruntime"];

    expect(completed(lines, hardwareOf("cuda")).excludes).toEqual([]);
  });
});

describe("without CUDA", () => {
  test("no library of it is installed, whoever depends on it", () => {
    const { additions, excludes } = completed(["torch", "jax[cuda13]"], hardwareOf("cpu"));

    expect(additions).toEqual([]);
    expect(excludes).toEqual(
      expect.arrayContaining([
        "cuda-toolkit",
        "jax-cuda12-pjrt",
        "jax-cuda13-plugin",
        "nvidia-cublas",
        "nvidia-cublas-cu12",
        "nvidia-cudnn-cu13",
        "nvidia-nccl-cu12",
        "nvidia-nccl-cu13",
        "tensorrt-libs",
      ]),
    );
    expect(excludes).not.toContain("onnxruntime");
  });

  test("what the app names itself is installed, with what that needs", () => {
    const { excludes } = completed(["nvidia-cudnn-cu12==9.10.2.21"], hardwareOf("cpu"));

    expect(excludes).not.toContain("nvidia-cudnn-cu12");
    expect(excludes).not.toContain("nvidia-cublas-cu12");
    expect(excludes).toContain("nvidia-cufft-cu12");
    expect(excludes).toContain("nvidia-cublas");
  });

  test("JAX gets what TPUs need", () => {
    expect(added(["jax"], hardwareOf("tpu"))).toEqual(["jax[tpu]"]);
    expect(added(["jax[tpu]"], hardwareOf("tpu"))).toEqual([]);
    expect(added(["numpy"], hardwareOf("tpu"))).toEqual([]);
  });
});
