import { describe, expect, test } from "vitest";
import { chosen, hardwareOf, told } from "./support.ts";

/**
 * What vendors say of each pair, read from their own tables and not from compatibility.toml: the
 * directory of torch's index (or "CUDA 12.5" where torch has no part in it) for what fits,
 * "refused: …" with a word of the reason for what does not, and "…, let pass" for what is too new to
 * be known.
 */
type Row = readonly [packages: string, hardware: string, python: string, verdict: string];

function verdictOf([packages, hardware, python, expected]: Row): string {
  const choice = chosen(packages === "" ? [] : packages.split(" "), {
    hardware: hardwareOf(...hardware.split(", ").filter((line) => line !== "")),
    python,
  });
  if (choice.problems.length > 0) {
    const [, reason = ""] = /^refused: (.*)$/.exec(expected) ?? [];
    const text = told(choice);
    return text.includes(reason) && reason !== "" ? `refused: ${reason}` : `refused: ${text}`;
  }
  const passed = choice.notes.some((note) => note.includes("let pass")) ? ", let pass" : "";
  const what = expected.startsWith("CUDA") ? `CUDA ${choice.cuda}` : choice.torchBackend;
  return `${what}${passed}`;
}

function check(rows: readonly Row[]): void {
  test.each(rows)("%s on %s with Python %s: %s", (...row) => {
    expect(verdictOf(row)).toBe(row[3]);
  });
}

// https://pytorch.org/get-started/previous-versions/: the --index-url of each release's commands.
describe("torch by its install commands", () => {
  check([
    ["torch==2.0.1", "cuda==11.7", "3.10", "cu117"],
    ["torch==2.0.1", "cuda==11.8", "3.10", "cu118"],
    ["torch==2.0.1", "cuda==12.1", "3.10", "refused: CUDA 11.7 and 11.8"],
    ["torch==2.1.2", "cuda==12.1", "3.11", "cu121"],
    ["torch==2.3.1", "cuda==12.1", "3.11", "cu121"],
    ["torch==2.3.1", "cuda==12.8", "3.11", "refused: CUDA 11.8 and 12.1"],
    ["torch==2.4.1", "cuda==12.4", "3.12", "cu124"],
    ["torch==2.5.1", "cuda==12.4", "3.12", "cu124"],
    ["torch==2.5.1", "cuda==12.6", "3.12", "refused: CUDA 11.8, 12.1 and 12.4"],
    ["torch==2.6.0", "cuda==12.6", "3.12", "cu126"],
    ["torch==2.6.0", "cuda==12.1", "3.12", "refused: CUDA 11.8, 12.4 and 12.6"],
    ["torch==2.7.1", "cuda==12.8", "3.12", "cu128"],
    ["torch==2.8.0", "cuda==12.9", "3.13", "cu129"],
    ["torch==2.8.0", "cuda==11.8", "3.13", "refused: CUDA 12.6, 12.8 and 12.9"],
    ["torch==2.9.1 torchvision==0.24.1 torchaudio==2.9.1", "cuda==13.0", "3.13", "cu130"],
    ["torch==2.9.1 torchvision==0.24.1 torchaudio==2.9.1", "cpu", "3.13", "cpu"],
    ["torch==2.9.1 torchvision==0.20.1", "cuda==12.8", "3.13", "refused: goes with torch 2.5"],
    ["torch==2.9.1", "rocm==6.4", "3.13", "rocm6.4"],
    ["torch==2.5.1", "rocm", "3.12", "rocm6.2"],
    ["torch==2.9.1", "rocm==5.7", "3.13", "refused: ROCm"],
  ]);
});

// https://github.com/pytorch/pytorch/blob/main/RELEASE.md: "Release Compatibility Matrix".
// https://github.com/pytorch/pytorch/issues/190385: CUDA of 2.15.
describe("torch by its release matrix", () => {
  check([
    ["torch==2.11.0", "cuda==12.8", "3.14", "cu128"],
    ["torch==2.12.1", "cuda==13.2", "3.14", "cu132"],
    ["torch==2.12.0", "cuda==12.8", "3.14", "refused: torch 2.12"],
    ["torch==2.14.0", "cuda==12.6", "3.13", "cu126"],
    ["torch==2.15.0", "cuda==13.2", "3.13", "cu132"],
    ["torch==2.15.0", "cuda==12.6", "3.13", "refused: CUDA 13.0 and 13.2"],
    ["torch==2.2.2", "cpu", "3.13", "refused: Python 3.8 to 3.12"],
    ["torch==2.4.1", "cuda", "3.13", "refused: Python 3.8 to 3.12"],
    ["torch==2.8.0", "cpu", "3.14", "refused: Python 3.9 to 3.13"],
    ["torch==2.9.0", "cpu", "3.14", "cpu"],
    ["torch==2.9.0", "cuda", "3.9", "refused: Python 3.10 to 3.14"],
    ["torch==2.15.0", "cpu", "3.10", "refused: Python 3.11 to 3.15"],
    ["torch>=2.4", "cuda==12.8", "3.14", "cu128"],
    ["torch<2.5", "cuda==12.8", "3.12", "refused: torch<2.5"],
  ]);
});

// https://pypi.org/project/torch/#history: the CUDA that the metadata of PyPI's wheels pins, for
// what is compiled against them.
describe("vLLM by the torch that it pins", () => {
  check([
    ["vllm==0.10.0 torch==2.7.1", "cuda", "3.12", "cu126"],
    ["vllm==0.11.0 torch==2.8.0", "cuda", "3.12", "cu128"],
    ["vllm==0.33.0 torch==2.14.0", "cuda", "3.12", "cu130"],
    ["vllm==0.33.0 torch==2.14.0", "cuda==12.6", "3.12", "refused: CUDA 13.0"],
  ]);
});

// https://github.com/pytorch/pytorch/blob/main/RELEASE.md: "PyTorch CUDA Support Matrix".
// https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/index.html: "Deprecated architectures".
// https://developer.nvidia.com/cuda-gpus: compute capabilities.
describe("GPUs by their compute capability", () => {
  check([
    ["torch", "cuda, gpu t4", "3.12", "cu130"],
    ["torch", "cuda, gpu v100", "3.12", "cu126"],
    ["torch", "cuda==13.0, gpu v100", "3.12", "refused: up to 12.9"],
    ["torch==2.11.0", "cuda==12.8, gpu v100", "3.12", "refused: only those for CUDA 12.6"],
    ["torch==2.10.0", "cuda==12.8, gpu v100", "3.12", "cu128"],
    ["torch==2.8.0", "cuda==12.8, gpu v100", "3.12", "cu128"],
    ["torch==2.8.0", "cuda==12.8, gpu p100", "3.12", "refused: only those for CUDA 12.6"],
    ["torch==2.15.0", "cuda, gpu gtx 1080", "3.12", "refused: up to 12.9"],
    ["torch==2.0.1", "cuda==11.7, gpu h100", "3.10", "refused: 11.8"],
    ["torch==2.0.1", "cuda==11.8, gpu h100", "3.10", "cu118"],
    ["torch==2.6.0", "cuda, gpu b200", "3.12", "refused: from 12.8 on"],
    ["torch==2.7.1", "cuda, gpu b200", "3.12", "cu128"],
    ["torch", "cuda==12.4, gpu b200", "3.12", "refused: from 12.8 on"],
    ["torch==2.9.1", "cuda, gpu rtx 5090", "3.12", "cu130"],
    ["torch==2.9.1", "cuda, gpu b300", "3.12", "cu130"],
    ["torch", "cuda==12.8, gpu thor", "3.12", "refused: from 13.0 on"],
    ["torch==2.4.1", "cuda==12.4, gpu l4, gpu a100", "3.12", "cu124"],
    ["", "cuda==12.8, gpu k80", "", "refused: up to 11.8"],
  ]);
});

// https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html
describe("drivers by CUDA's major version", () => {
  check([
    ["", "cuda, driver>=580", "", "CUDA 13.0"],
    ["", "cuda==13.0, driver>=570", "", "refused: driver>=580"],
    ["", "cuda==12.9, driver>=525", "", "CUDA 12.9"],
    ["", "cuda==12.0, driver>=470.57.02", "", "refused: driver>=525"],
    ["", "cuda==11.8, driver>=450", "", "CUDA 11.8"],
    ["torch==2.9.1", "cuda, driver>=550.54.15", "3.12", "cu128"],
    ["torch==2.15.0", "cuda, driver>=550", "3.12", "refused: CUDA up to 12"],
  ]);
});

// https://www.tensorflow.org/install/source#gpu: "Tested build configurations".
describe("TensorFlow", () => {
  check([
    ["tensorflow==2.13.1", "cuda", "3.11", "CUDA 11.8"],
    ["tensorflow==2.14.0", "cuda==12.2", "3.11", "refused: CUDA 11"],
    ["tensorflow==2.15.0", "cuda", "3.11", "CUDA 12.2"],
    ["tensorflow==2.15.0", "cuda", "3.12", "refused: Python 3.9 to 3.11"],
    ["tensorflow==2.17.0", "cuda", "3.12", "CUDA 12.3"],
    ["tensorflow==2.18.0", "cuda", "3.12", "CUDA 12.5"],
    ["tensorflow==2.19.0", "cuda==13.0", "3.12", "refused: CUDA 12"],
    ["tensorflow==2.19.0", "cpu", "3.13", "refused: Python 3.9 to 3.12"],
    ["tensorflow==2.20.0", "cpu", "3.13", "cpu"],
    ["tensorflow[and-cuda]==2.20.0", "cpu", "3.13", "cpu"],
    ["tensorflow==2.17.0 torch==2.5.1", "cuda", "3.12", "refused: cuDNN 8"],
    ["tensorflow==2.20.0 torch==2.9.1", "cuda", "3.13", "cu128"],
    ["tensorflow==2.20.0 torch==2.15.0", "cuda", "3.13", "refused: CUDA 12"],
  ]);
});

// https://docs.jax.dev/en/latest/installation.html: extras, and the oldest driver of each.
describe("JAX", () => {
  check([
    ["jax[cuda13]", "cuda", "3.12", "CUDA 13.0"],
    ["jax[cuda12]", "cuda==13.0", "3.12", "refused: CUDA 12"],
    ["jax[cuda13]", "cuda, driver>=525", "3.12", "refused: driver>=580"],
    ["jax==0.6.2", "cuda==13.0", "3.12", "refused: CUDA 12"],
    ["jax[cuda12]", "cpu", "3.12", "cpu"],
    ["jax", "tpu", "3.12", "cpu"],
  ]);
});

// https://onnxruntime.ai/docs/execution-providers/CUDA-ExecutionProvider.html#requirements
// https://opennmt.net/CTranslate2/installation.html: CUDA and cuDNN of the wheels.
// https://docs.cupy.dev/en/stable/install.html: one package for each major version of CUDA.
describe("ONNX Runtime, CTranslate2 and CuPy", () => {
  check([
    ["onnxruntime-gpu==1.18.0", "cuda", "3.11", "CUDA 11.8"],
    ["onnxruntime-gpu==1.18.0", "cuda==12.4", "3.11", "refused: CUDA 11"],
    ["onnxruntime-gpu==1.20.1", "cuda==12.4", "3.12", "CUDA 12.4"],
    ["onnxruntime-gpu==1.20.1", "cuda==11.8", "3.12", "refused: CUDA 12"],
    ["onnxruntime-gpu==1.28.0", "cuda==12.8", "3.13", "refused: CUDA 13"],
    ["ctranslate2==4.4.0 torch==2.4.1", "cuda", "3.12", "refused: cuDNN 8"],
    ["ctranslate2==4.5.0 torch==2.4.1", "cuda==12.4", "3.12", "cu124"],
    ["cupy-cuda12x", "cuda==12.4", "3.12", "CUDA 12.4"],
    ["cupy-cuda12x", "cuda==13.0", "3.12", "refused: CUDA 12"],
    ["cupy-cuda13x torch==2.8.0", "cuda", "3.12", "refused: CUDA 13"],
  ]);
});

// https://docs.vllm.ai/en/latest/getting_started/installation/
// https://github.com/Dao-AILab/flash-attention#installation-and-features
// https://docs.rapids.ai/install/#system-req
// https://huggingface.co/docs/bitsandbytes/installation: the CPU is a backend, too.
describe("packages for GPUs without one", () => {
  check([
    ["vllm", "cpu", "3.12", "refused: vllm runs on NVIDIA's GPUs only"],
    ["vllm==0.20.0+cpu", "cpu", "3.12", "cpu"],
    ["flash-attn", "", "3.12", "refused: flash-attn runs on NVIDIA's GPUs only"],
    ["cudf-cu12", "cpu", "3.12", "refused: pandas"],
    ["faiss-gpu-cu12", "cpu", "3.12", "refused: faiss-cpu"],
    ["flash-attn", "neuron", "3.12", "refused: says neuron"],
    ["bitsandbytes", "cpu", "3.12", "cpu"],
    ["onnxruntime-gpu", "cpu", "3.12", "cpu"],
    ["flash-attn", "rocm", "3.12", "rocm7.2"],
    ["tensorrt", "rocm", "3.12", "refused: says rocm"],
  ]);
});

// https://developer.nvidia.com/cuda-toolkit-archive: there was no 12.7, and there is no 14.
describe("versions that are too new, or never were", () => {
  check([
    ["torch==2.16.0", "cuda", "3.14", "cu130, let pass"],
    ["torch==2.16.0", "cuda==13.5", "3.16", "cu135, let pass"],
    ["torch", "cuda==13.9", "3.14", "cu139, let pass"],
    ["tensorflow==2.25.0", "cuda==13.0", "3.14", "cu130, let pass"],
    ["onnxruntime-gpu==1.40.0", "cuda==12.8", "3.15", "cu128, let pass"],
    ["torch", "cuda==12.7", "3.12", "refused: 12.6 and 12.8"],
    ["torch", "cuda==14", "3.12", "refused: No CUDA 14"],
    ["torch==2.14.0", "cuda==13.9", "3.12", "refused: torch 2.14"],
  ]);
});

// https://docs.astral.sh/uv/guides/integration/pytorch/: a local version names the build.
describe("builds that the app names itself", () => {
  check([
    ["torch==2.3.0+cu118", "", "3.11", "cu118"],
    ["torch==2.3.0+cu118", "cuda", "3.11", "cu118"],
    ["torch==2.3.0+cu118", "cpu", "3.11", "refused: CUDA 11.8"],
    ["torch==2.3.0+cu118", "cuda==12.8", "3.11", "refused: a build for CUDA 11.8"],
    ["torch==2.9.1+cpu", "cuda", "3.12", "refused: a build for the CPU"],
    ["torch==2.9.1+cpu", "", "3.12", "cpu"],
    ["torch==2.9.1+cu118", "", "3.12", "refused: CUDA 12.6"],
    ["torch==2.9.1+rocm6.4", "", "3.12", "rocm6.4"],
  ]);
});
