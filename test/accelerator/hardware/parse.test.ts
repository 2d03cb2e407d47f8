import { describe, expect, test } from "vitest";
import { parseFile, parseVariable, summary, told } from "./said.ts";

describe("what is understood", () => {
  test.each([
    ["cpu", "cpu"],
    ["CPU", "cpu"],
    ["  cuda  # for the server\r", "cuda"],
    ["cuda==12.8", "cuda==12.8"],
    ["cuda == 12.8", "cuda==12.8"],
    ["cuda=12.8", "cuda==12.8"],
    ["cuda===12.8", "cuda==12.8"],
    ["cuda 12.8", "cuda==12.8"],
    ["CUDA v12.8", "cuda==12.8"],
    ["cuda: 12.8", "cuda==12.8"],
    ["cuda-12.8", "cuda==12.8"],
    ["cuda_12.8", "cuda==12.8"],
    ["cuda12.8", "cuda==12.8"],
    ["cuda12", "cuda==12"],
    ["cu128", "cuda==12.8"],
    ["cuda==12.8.1", "cuda==12.8.1"],
    ["CUDA 12", "cuda==12"],
    ["cuda==12.*", "cuda==12.*"],
    ["cuda 12.x", "cuda==12.*"],
    ["cuda 12.4+", "cuda>=12.4"],
    ["cuda>=12.4", "cuda>=12.4"],
    ["cuda >= 12.4, < 13", "cuda>=12.4,<13"],
    ["cuda~=12.4", "cuda~=12.4"],
    ["cuda>=12.4,!=12.5", "cuda>=12.4,!=12.5"],
    ["cuda>=12.4\ncuda<13", "cuda>=12.4,<13"],
    ["cuda\ncuda==12.8", "cuda==12.8"],
    ["rocm", "rocm"],
    ["rocm6.4", "rocm==6.4"],
    ["rocm==6.4", "rocm==6.4"],
    ["aws", "cuda | aws"],
    ["aws\ncuda==12.8", "cuda==12.8 | aws"],
    ["neuron", "neuron"],
    ["tpu", "tpu"],
    ["coral", "coral"],
    ["cuda\ngpu l4", "cuda | gpu l4 8.9"],
    ["cuda\nGPUs: L4, H100", "cuda | gpu l4 8.9 | gpu h100 9.0"],
    ["cuda\ngpu=l4", "cuda | gpu l4 8.9"],
    ["cuda\ngpu NVIDIA L4 24GB", "cuda | gpu l4 8.9"],
    ["cuda\ngpu RTX 4090", "cuda | gpu rtx-4090 8.9"],
    ["cuda\ngpu RTX 6000 Ada t4", "cuda | gpu rtx-6000-ada 8.9 | gpu t4 7.5"],
    ["cuda\ngpu l4\ngpu l4 a100", "cuda | gpu l4 8.9 | gpu a100 8.0"],
    ["cuda\ngpu 8.9", "cuda | gpu 8.9 8.9"],
    ["gpu l4", "cuda | gpu l4 8.9"],
    ["cuda\ndriver>=550", "cuda | driver 550"],
    ["cuda\ndriver 550.54.15", "cuda | driver 550.54.15"],
    ["cuda\ndriver: 550+", "cuda | driver 550"],
    ["cuda\nlibraries cublas cudnn nccl", "cuda | library cublas | library cudnn | library nccl"],
    ["cuda\nlibs: cublas, CUDNN", "cuda | library cublas | library cudnn"],
    ["toolkit", "cuda | toolkit"],
    ["cuda toolkit", "cuda | toolkit"],
    ["compiler", "compiler"],
    ["cpu\ncompiler", "cpu | compiler"],
    ["", ""],
    ["# cuda", ""],
  ])("%j", (text, understood) => {
    expect(summary(parseFile(text))).toBe(understood);
  });

  test("a variable has all of it on one line", () => {
    const forms = [
      "cuda==12.8 gpu l4 h100 driver>=550 libraries cublas cudnn toolkit compiler",
      "cuda==12.8; gpu l4, h100; driver>=550; libraries cublas, cudnn; toolkit; compiler",
      "cuda==12.8,gpu l4 h100,driver>=550,libraries cublas cudnn,toolkit,compiler",
      "cuda==12.8\ngpu l4 h100\ndriver>=550\nlibraries cublas cudnn\ntoolkit\ncompiler\n",
    ].map((text) => summary(parseVariable(text)));

    expect([...new Set(forms)]).toEqual([
      "cuda==12.8 | gpu l4 8.9 | gpu h100 9.0 | driver 550 | library cublas | library cudnn | toolkit | compiler",
    ]);
  });

  test("each item keeps its place and its words", () => {
    const { accelerator, gpus, driver } = parseFile("# app\ncuda >= 12.4 # why\n\ngpu l4 h100");
    expect(accelerator).toMatchObject({ text: "cuda >= 12.4", origin: { line: 2 } });
    expect(gpus.map(({ text, origin }) => [text, origin.line])).toEqual([
      ["gpu l4 h100", 4],
      ["gpu l4 h100", 4],
    ]);
    expect(driver).toBeUndefined();
    expect(parseVariable("cuda==12.8 gpu l4").gpus).toMatchObject([
      { text: "gpu l4", origin: { file: "BP_HARDWARE" } },
    ]);
  });

  test("what only NVIDIA's GPUs have stands for cuda, which is told", () => {
    const { accelerator, notes } = parseFile("compiler\ndriver>=550\ntoolkit");

    expect(accelerator).toEqual({
      ...{ name: "cuda", specifier: "", assumed: false },
      ...{ text: "driver>=550", origin: { file: "hardware.txt", line: 2 } },
    });
    expect(notes).toEqual(["Using cuda because of 'driver>=550' (hardware.txt, line 2)"]);
  });
});

describe("what is wrong", () => {
  test("words, versions and values", () => {
    const text = [
      ...["cuds", "kuda==12.8", "banana", "cuda banana", "cuda l4", "rocn"],
      ...["cuda==128", "cuda==12.8.1.4", "cuda>=12.*", "cuda==abc", "cuda=>12"],
      ...["gpu", "gpu k9000x", "gpu l44", "gpu l4 toolkt", "gpu>=l4"],
      ...["driver", "driver<=550", "driver>=550,<600", "driver new"],
      ...["libraries", "libraries cublass", "libraries torch", "libraries cublas==12"],
      ...["toolkit==12.8", "compiler==14", "compiler gcc", "aws==1", "aws==12.8", "neuron==2.20"],
      ...["tpu==5", "cpu==1", "cuda 12.8 13.0"],
    ].join("\n");

    expect(told(parseFile(text))).toMatchInlineSnapshot(`
      "[Error: Unable to tell what hardware the image is for]

      hardware.txt, line 1: cuds
        'cuds' is not known; did you mean cuda?

      hardware.txt, line 2: kuda==12.8
        'kuda' is not known; did you mean cuda?

      hardware.txt, line 3: banana
        'banana' is not known; a line begins with cpu, cuda, rocm, aws, neuron, tpu, coral, gpu, libraries, driver, toolkit or compiler.

      hardware.txt, line 4: cuda banana
        'banana' does not belong to cuda; a line begins with cpu, cuda, rocm, aws, neuron, tpu, coral, gpu, libraries, driver, toolkit or compiler.

      hardware.txt, line 5: cuda l4
        A GPU has a line of its own:

          cuda
          gpu l4

      hardware.txt, line 6: rocn
        'rocn' is not known; did you mean rocm?

      hardware.txt, line 7: cuda==128
        Write it with a dot:

          cuda==12.8

      hardware.txt, line 8: cuda==12.8.1.4
        One version, or one range of versions, is needed, for example:

          cuda==12.8

      hardware.txt, line 9: cuda>=12.*
        One version, or one range of versions, is needed, for example:

          cuda==12.8

      hardware.txt, line 10: cuda==abc
        One version, or one range of versions, is needed, for example:

          cuda==12.8

      hardware.txt, line 11: cuda=>12
        One version, or one range of versions, is needed, for example:

          cuda==12.8

      hardware.txt, line 12: gpu
        Whose GPU it is has to be told: cuda stands for NVIDIA's, rocm for AMD's:

          cuda

      hardware.txt, line 13: gpu k9000x
        No GPU of the name k9000x is known; its compute capability will do, as https://developer.nvidia.com/cuda-gpus lists it, for example:

          gpu 8.9

      hardware.txt, line 14: gpu l44
        No GPU of the name l44 is known; did you mean l4 or l40?

      hardware.txt, line 15: gpu l4 toolkt
        No GPU of the name toolkt is known; did you mean toolkit?

      hardware.txt, line 16: gpu>=l4
        Write:

          cuda
          gpu l4

      hardware.txt, line 17: driver
        The driver is the host's; what can be told is its oldest version:

          driver>=550

      hardware.txt, line 18: driver<=550
        The driver is the host's; what can be told is its oldest version:

          driver>=550

      hardware.txt, line 19: driver>=550,<600
        The oldest driver of the hosts is needed, for example:

          driver>=550

      hardware.txt, line 20: driver new
        The driver is the host's; what can be told is its oldest version:

          driver>=550

      hardware.txt, line 21: libraries
        The names of CUDA's libraries are needed, for example:

          libraries cublas cudnn

      hardware.txt, line 22: libraries cublass
        CUDA has no library cublass; did you mean cublas?

      hardware.txt, line 23: libraries torch
        CUDA has no library torch; these are known: cublas, cudart, nvrtc, cupti, cufft, curand, cusolver, cusparse, nvjitlink, nvtx, npp, nvjpeg, cufile, nvfatbin, opencl, cudnn, nccl, nvshmem, cusparselt, cutensor, nvimgcodec, nvcomp, nvjpeg2k and nvtiff.

      hardware.txt, line 24: libraries cublas==12
        Its version follows from that of CUDA; write:

          libraries cublas

      hardware.txt, line 25: toolkit==12.8
        The toolkit has the version of cuda; write:

          cuda==12.8
          toolkit

      hardware.txt, line 26: compiler==14
        The compiler is Debian's, without a version; write:

          compiler

      hardware.txt, line 27: compiler gcc
        'gcc' does not belong to compiler; a line begins with cpu, cuda, rocm, aws, neuron, tpu, coral, gpu, libraries, driver, toolkit or compiler.

      hardware.txt, line 28: aws==1
        The version is that of cuda; write:

          aws
          cuda==1

      hardware.txt, line 29: aws==12.8
        The version is that of cuda; write:

          aws
          cuda==12.8

      hardware.txt, line 30: neuron==2.20
        neuron has no version here; write:

          neuron

      hardware.txt, line 31: tpu==5
        tpu has no version here; write:

          tpu

      hardware.txt, line 32: cpu==1
        What a container may use is set where the image is run; remove the line.

      hardware.txt, line 33: cuda 12.8 13.0
        One version, or one range of versions, is needed, for example:

          cuda==12.8"
    `);
  });

  test("contradictions, each with its other side", () => {
    const texts = [
      "cpu\ncuda",
      "cuda==12.8\ncuda==13.0",
      "cuda>=13\ncuda<12",
      "aws\ncpu",
      "cuda\nrocm",
      "neuron\ntpu\ncoral",
      "cpu\nlibraries cublas\ntoolkit\ndriver>=550\ngpu l4",
      "rocm\ngpu l4",
      "cuda\ndriver>=550\ndriver>=570",
    ];

    expect(texts.map((text) => told(parseFile(text))).join("\n\n")).toMatchInlineSnapshot(`
      "[Error: Unable to tell what hardware the image is for]

      hardware.txt, line 2: cuda
        hardware.txt asks for 'cpu' on line 1, too; keep one of the two.

      [Error: Unable to tell what hardware the image is for]

      hardware.txt, line 2: cuda==13.0
        hardware.txt asks for 'cuda==12.8' on line 1, too, and no version is both; keep one of the two.

      [Error: Unable to tell what hardware the image is for]

      hardware.txt, line 2: cuda<12
        hardware.txt asks for 'cuda>=13' on line 1, too, and no version is both; keep one of the two.

      [Error: Unable to tell what hardware the image is for]

      hardware.txt, line 2: cpu
        hardware.txt asks for 'aws' on line 1, too, which stands for cuda; keep one of the two.

      [Error: Unable to tell what hardware the image is for]

      hardware.txt, line 2: rocm
        hardware.txt asks for 'cuda' on line 1, too; keep one of the two.

      [Error: Unable to tell what hardware the image is for]

      hardware.txt, line 2: tpu
        hardware.txt asks for 'neuron' on line 1, too; keep one of the two.

      hardware.txt, line 3: coral
        hardware.txt asks for 'neuron' on line 1, too; keep one of the two.

      [Error: Unable to tell what hardware the image is for]

      hardware.txt, line 2: libraries cublas
        It belongs to cuda, and hardware.txt asks for 'cpu' on line 1; keep one of the two.

      hardware.txt, line 3: toolkit
        It belongs to cuda, and hardware.txt asks for 'cpu' on line 1; keep one of the two.

      hardware.txt, line 4: driver>=550
        It belongs to cuda, and hardware.txt asks for 'cpu' on line 1; keep one of the two.

      hardware.txt, line 5: gpu l4
        It belongs to cuda, and hardware.txt asks for 'cpu' on line 1; keep one of the two.

      [Error: Unable to tell what hardware the image is for]

      hardware.txt, line 2: gpu l4
        It belongs to cuda, and hardware.txt asks for 'rocm' on line 1; keep one of the two.

      [Error: Unable to tell what hardware the image is for]

      hardware.txt, line 3: driver>=570
        hardware.txt asks for 'driver>=550' on line 2, too; keep one of the two."
    `);
    expect(told(parseVariable("cpu gpu l4"))).toMatchInlineSnapshot(`
      "[Error: Unable to tell what hardware the image is for]

      BP_HARDWARE: gpu l4
        It belongs to cuda, and BP_HARDWARE asks for 'cpu'; keep one of the two."
    `);
  });
});

test("a range that no version is in, and AMD's GPUs beside rocm, are told by themselves", () => {
  const texts = ["cuda>=13,<12", "cuda>=12.4,<13", "rocm\ngpu mi300x gfx942", "rocm\ngpu l4"];

  expect(texts.map((text) => told(parseFile(text))).join("\n\n")).toMatchInlineSnapshot(`
    "[Error: Unable to tell what hardware the image is for]

    hardware.txt, line 1: cuda>=13,<12
      The line contradicts itself: no version is >=13 and <12; keep >=13 or <12.

    nothing is wrong

    [Error: Unable to tell what hardware the image is for]

    hardware.txt, line 2: gpu mi300x gfx942
      AMD's GPUs are not told apart; remove the line.

    [Error: Unable to tell what hardware the image is for]

    hardware.txt, line 2: gpu l4
      It belongs to cuda, and hardware.txt asks for 'rocm' on line 1; keep one of the two."
  `);
});

test("libraries have many names", () => {
  const written = [
    ...["cublas", "cuBLAS", "libcublas", "libcublas.so.12", "libcublas12", "libcublas-12-8"],
    ...["nvidia-cublas", "nvidia-cublas-cu12"],
  ];
  expect(summary(parseFile(`libraries ${written.join(" ")}`))).toBe("cuda | library cublas");
  expect(summary(parseFile("libraries cudnn9 nccl2 nvjpeg2k cuda-runtime npp"))).toBe(
    "cuda | library cudnn | library nccl | library nvjpeg2k | library cudart | library npp",
  );
});

test("GPUs are named as nvidia-smi and clouds name them", () => {
  const written = [
    ...["NVIDIA A100-SXM4-80GB", "A100-PCIE-40GB", "NVIDIA H100 80GB HBM3"],
    ...["Tesla V100-SXM2-16GB", "NVIDIA GeForce RTX 4090 Laptop", "NVIDIA RTX 6000 Ada Generation"],
  ];
  const names = parseFile(`gpu ${written.join(", ")}`).gpus.map(({ name }) => name);
  expect(names).toEqual(["a100", "h100", "v100", "rtx-4090", "rtx-6000-ada"]);
});
