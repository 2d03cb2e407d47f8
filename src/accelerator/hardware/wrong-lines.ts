import { explainLine, type WrongLine } from "../../kit/wrong-lines.ts";
import { gpuNamed } from "./gpus.ts";
import { gpuOfInstance } from "./instances.ts";

/** What is needed in place of a line that says no hardware, where we know the mistake. */
export function explainWrongLine(line: string): string | undefined {
  return explainLine(line, WRONG_LINES) ?? explainGpu(line);
}

function explainGpu(line: string): string | undefined {
  const gpu = gpuNamed(line);
  return gpu === undefined ? undefined : `Write\ncuda\ngpu ${gpu.name}`;
}

const KIND_OF_GPU =
  "Whose GPU it is has to be told: cuda stands for NVIDIA's, rocm for AMD's\ncuda";

const RUN_TIME = "is set where the image is run";

const NOT_CHOSEN =
  "No packages are chosen for it; an image for CPUs takes those that are named\ncpu";

const WRONG_LINES: readonly WrongLine[] = [
  { when: /^```/, needed: () => "Remove the Markdown marks around the lines" },
  {
    when: /^(?:[$>!%]\s*)?(?:sudo\s+)?(?:python[\d.]*\s+-m\s+|uv\s+)?pip[\d.]*\s+install\s+(.*)$/i,
    needed: ([, what = ""]) => `Python packages go into requirements.txt\n${wordsOf(what)}`,
  },
  {
    when: /^(?:[$>!%]\s*)?(?:conda|mamba|micromamba)\s+install\b/i,
    needed: () => "Conda's packages go into environment.yml",
  },
  {
    when: /^(?:[$>!%]\s*|RUN\s+)?(?:sudo\s+)?apt(?:-get)?\s+(?:-\S+\s+)*install\s+(.*)$/i,
    needed: ([, what = ""]) => `Debian packages go into apt.txt\n${wordsOf(what)}`,
  },
  {
    when: /^(?:FROM\s+)?(?:\S+\/)?nvidia\/cuda:(\d+)\.(\d+)\S*/i,
    needed: ([, major, minor]) =>
      `An image is not named here; its CUDA version is enough\ncuda==${major}.${minor}`,
  },
  {
    when: /^--(?:(?:extra-)?index-url|find-links)\b|^https?:\/\//i,
    needed: () =>
      "The index of torch follows from what stands here; further indexes go into requirements.txt",
  },
  {
    when: /^\[.*\]$/,
    needed: () => "One item a line is needed, without sections of TOML",
  },
  {
    when: /^[-*•]\s+(\S.*)$/,
    needed: ([, what]) => `Remove the list mark\n${what}`,
  },
  {
    when: /^["'](.+)["'],?$/,
    needed: ([, what]) => `Write it without quotation marks\n${what}`,
  },
  {
    when: /^(?:export\s+)?(?:NVIDIA_|CUDA_VISIBLE)\w*\s*=/,
    needed: () => `It ${RUN_TIME}; remove the line`,
  },
  {
    when: /^(?:export\s+)?CUDA_VERSION\s*[=:]\s*["']?v?(\d+)\.(\d+)/i,
    needed: ([, major, minor]) => `Without the variable's name\ncuda==${major}.${minor}`,
  },
  {
    when: /^(?:export\s+)?TORCH_CUDA_ARCH_LIST\s*=\s*["']?(\d+\.\d+)/,
    needed: ([, capability]) => `It follows from the GPUs, by their names or so\ngpu ${capability}`,
  },
  {
    when: /^(?:accelerators?|hardware|device|backend|platform|target|type)\s*[:=]\s*["']?([^"']*)["']?$/i,
    needed: ([, value = ""]) => `Without a key before it\n${itemFor(value)}`,
  },
  {
    // Before what has a name of its own among its words.
    when: /^(?:nvidia[-_ ])?cuda[-_ ]?toolkit\s*(?:[=<>~!]*\s*v?(\d+(?:\.\d+)?).*)?$/i,
    needed: ([, version]) => `Write\n${version === undefined ? "" : `cuda==${version}\n`}toolkit`,
  },
  {
    when: /^(?:gcc|g\+\+|c\+\+|build[-_ ]essential)(?:-?\d+)?$/i,
    needed: () => "A C++ compiler in the image is written so\ncompiler",
  },
  {
    when: /^(?:cpus?[\s:=]+)?(?:avx|sse|amx|vnni|fma|neon|sve|x86[-_]64[-_]v)[\w.-]*$/i,
    needed: () => "Packages find out themselves what a CPU can do\ncpu",
  },
  {
    when: /^(?:gpus?[\s:=]+)?(?:nvidia[-_ ])?jetson$/i,
    needed: () =>
      "Which Jetson it is has to be told, xavier, orin or thor, for example\ncuda\ngpu jetson-orin",
  },
  { when: /^(?:nvcc|cuda[-_ ](?:nvcc|dev(?:el)?))$/i, needed: () => "Write\ntoolkit" },
  {
    when: /^nvidia[-_ ]container[-_ ]toolkit\b/i,
    needed: () => "It belongs to the machine that runs the image; remove the line",
  },
  {
    when: /^(?:cuda|nvidia|gpu)?[-_ ]*drivers?(?:[-_ ]|\s*[=<>~!]*\s*)v?(\d{3}(?:\.\d+)*)?(?:[- ]\w+)*$/i,
    needed: ([, version = "550"]) =>
      `The driver is the host's; what can be told is its oldest version\ndriver>=${version}`,
  },
  {
    when: /^(?:lib|nvidia[-_])?(cudnn|nccl|cublas|cufft|curand|cusolver|cusparse|nvrtc|cudart)(?:[-_]?(?:cu)?\d[\w.-]*)?(?:\s*[=<>~!]+.*)?$/i,
    needed: ([, name = ""]) =>
      `Its version follows from CUDA's, and a package that brings its own needs no line; for a program that brings none write\nlibraries ${name.toLowerCase()}`,
  },
  {
    when: /^(?:compute(?:[-_ ]?cap(?:ability)?)?|sm|arch)\s*[-_=: ]*\s*(\d{1,2})\.?(\d)a?$/i,
    needed: ([, major, minor]) => `Write\ngpu ${major}.${minor}`,
  },
  {
    when: /^(?:no|without|zero)[-_ ]?(?:gpus?|cuda)$|^cpu[-_ ]?only$|^(?:none|no|false|off|0)$/i,
    needed: () => "Write\ncpu",
  },
  {
    when: /^(?:cuda|gpus?)\s*[:=]?=?\s*(?:none|no|false|off|0)$/i,
    needed: () => "Write\ncpu",
  },
  {
    when: /^cuda\s*[:=]?=?\s*(?:true|yes|on|enabled?|any|auto|latest|newest|\*)$/i,
    needed: () => "Without a version the build takes one that all packages have\ncuda",
  },
  {
    when: /^cuda\s*\^\s*v?(\d+)/i,
    needed: ([, major]) => `Write\ncuda==${major}.*`,
  },
  {
    when: /^cuda\s+v?(\d+(?:\.\d+)?)\s*-\s*v?(\d+(?:\.\d+)?)$/i,
    needed: ([, from, to]) => `A range is written so\ncuda>=${from},<=${to}`,
  },
  {
    when: /^(?:gpus?\s+)?(?:\d+\s*(?:x|×)\s*)(\D.*)$|^(?:gpus?\s+)?(.*\S(?=\s)|.*\d)\s*(?:x|×)\s*\d$/i,
    needed: ([, after, before]) =>
      `How many GPUs there are ${RUN_TIME}; their names are enough\ngpu ${(after ?? before ?? "").toLowerCase()}`,
  },
  {
    when: /^(?:nvidia|geforce|nvidia[-_ ]gpus?|gpus?(?:[\s:=]+(?:true|yes|on|any|all|auto|nvidia|\d+))?|(?:gpu|accelerator)s?[-_ ]?enabled)$/i,
    needed: () => KIND_OF_GPU,
  },
  {
    when: /^(?:gpus?[\s:=]+)?(?:amd|radeon|instinct|hip|mi\d{2,3}[a-z]?|gfx\d+\w*|rx[-_ ]?\d{4}\w*)(?:[-_ ]gpus?)?$/i,
    needed: () => "GPUs of AMD are not told apart; write\nrocm",
  },
  {
    when: /^(?:true|yes|on|enabled?|1|auto|any|all|default|detect)$/i,
    needed: () =>
      "The build does not see the machine that will run the image; what that has is needed, for example\ncuda",
  },
  {
    when: /^(?:apple[-_ ]?\w*|mps|metal|mlx|m[1-5](?:[-_ ](?:pro|max|ultra))?)$/i,
    needed: () => "Containers have no access to Apple's GPUs; the image runs on the CPU\ncpu",
  },
  {
    when: /^(?:directml|dml|dx12|directx)$/i,
    needed: () => "DirectML is of Windows; containers of Linux use NVIDIA's GPUs there\ncuda",
  },
  {
    when: /^(?:xpu|intel(?:[-_ ]\w+)?|arc|oneapi|ipex|openvino|hpu|gaudi\d?|habana|npu|vulkan|opencl|webgpu|qaic|ascend)$/i,
    needed: () => NOT_CHOSEN,
  },
  {
    when: /^inf1(?:\.\w+)?$/i,
    needed: () => "Neuron no longer supports Inf1; images for Inf2 and Trn are written so\nneuron",
  },
  {
    when: /^(?:aws[-_ ]?)?(?:neuronx|(?:inf|trn)\d\w*(?:\.\w+)?|inferentia[-_ ]?\d?|trainium[-_ ]?\d?)$/i,
    needed: () => "Write\nneuron",
  },
  {
    when: /^(?:google[-_ ]?)?(?:coral[-_ ]?(?:edge[-_ ]?)?(?:tpu|usb)|edge[-_ ]?tpu|google[-_ ]coral|libedgetpu\S*)$/i,
    needed: () => "Write\ncoral",
  },
  {
    when: /^(?:(?:google|cloud)[-_ ]?)*(?:tpu[-_ ]?)?(?:v\d\w*|trillium|ironwood)(?:-\d+)?$|^(?:google|cloud)[-_ ]tpu$/i,
    needed: () => "Write\ntpu",
  },
  { when: /^(?:ec2|sagemaker|amazon|efa)$/i, needed: () => "Write\naws" },
  {
    when: /^(?:gcp|google|azure|lambda|runpod|modal)$/i,
    needed: () => "What the machines there have is needed, for example\ncuda\ngpu l4",
  },
  {
    when: /^(?:(?:gpus?|aws|ec2|instance)[\s:=]+)?(?:ml\.)?([a-z]\d\w*(?:-\w+)?)\.(?:\w*large|metal\S*|nano|micro|small|medium)$/i,
    needed: ([, family = ""]) => {
      const gpu = gpuOfInstance(family.toLowerCase());
      return `Write in place of the instance\n${gpu === undefined ? "cpu" : `aws\ngpu ${gpu}`}`;
    },
  },
  {
    when: /^(?:linux\/)?(?:arm64|aarch64|armv8|amd64|x86[-_]64|x86|x64)$/i,
    needed: () =>
      "The architecture is that of the builder (pack build --platform); remove the line",
  },
  {
    when: /^(?:v?ram|memory|mem|cpus?|cores?|disk|processors?|vcpus?)\b\s*[:=]*\s*\d/i,
    needed: () => `What a container may use ${RUN_TIME}; remove the line`,
  },
  {
    when: /^python\s*(?:[=<>~!]*\s*\d.*)?$/i,
    needed: () => "The Python version goes into .python-version",
  },
  {
    when: /^v?(1[0-9])(?:\.(\d))(?:\.\d+)?$/,
    needed: ([, major, minor]) => `Write\ncuda==${major}.${minor}`,
  },
  {
    when: /^(?:torch|torchvision|torchaudio|tensorflow|jax|onnxruntime|cupy|vllm|triton|tensorrt|transformers|flash[-_]attn|bitsandbytes|xformers|numpy)\b.*$/i,
    needed: ([line]) => `Python packages go into requirements.txt\n${line}`,
  },
  {
    when: /[$&|`\\(){}]/,
    needed: () => "No shell reads this, and nothing of it is run",
  },
];

/** What a value after a key most likely means. */
function itemFor(value: string): string {
  return /^(?:none|no|false|off)$/i.test(value)
    ? "cpu"
    : /^(?:gpu|nvidia|true|yes|on|)$/i.test(value.trim())
      ? "cuda"
      : value.trim();
}

/** What a command is given, without its options. */
function wordsOf(command: string): string {
  return command
    .split(/\s+/)
    .filter((word) => !word.startsWith("-"))
    .join("\n");
}
