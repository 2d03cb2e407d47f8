import { describe, expect, test } from "vitest";
import { chosen, cudaBuilder, found, hardwareOf, told } from "./support.ts";

describe("what nothing contradicts", () => {
  test("is the default of a bare 'cuda'", () => {
    expect(chosen(["torch"])).toEqual({
      accelerator: "cuda",
      cuda: "13.0",
      torchBackend: "cu130",
      driver: "580",
      notes: ["Using CUDA 13.0, the default; hosts need a driver from 580 on"],
      problems: [],
    });
  });

  test("is the version of the line, or the newest that fits its range", () => {
    const exact = chosen(["torch"], { hardware: hardwareOf("cuda==12.8") });
    const range = chosen(["torch==2.8.0"], { hardware: hardwareOf("cuda>=12.4") });
    const major = chosen(["torch"], { hardware: hardwareOf("cuda==12") });

    expect([exact, range, major].map(({ torchBackend }) => torchBackend)).toEqual([
      "cu128",
      "cu129",
      "cu129",
    ]);
    expect([exact, range].flatMap(({ notes }) => notes)).toEqual([
      "Using CUDA 12.8 (hardware.txt, line 1); hosts need a driver from 525 on",
      "Using CUDA 12.9 (the newest that fits cuda>=12.4, hardware.txt, line 1); hosts need a driver from 525 on",
    ]);
  });

  test("is what PyPI has for a release that has no build for the default", () => {
    const { cuda, notes } = chosen(["torch==2.7.1"]);

    expect(cuda).toBe("12.6");
    expect(notes).toEqual([
      "Using CUDA 12.6, since torch 2.7 has builds for CUDA 11.8, 12.6 and 12.8 (requirements.txt, line 1); hosts need a driver from 525 on",
    ]);
  });

  test("is that of the release that was found, where its index has newer ones", () => {
    expect(chosen(["torch"], { found: found("torch==2.11.0+cu130") }).cuda).toBe("13.0");
  });

  test("is what an earlier build had, as long as it fits", () => {
    const kept = chosen(["torch"], { previous: "12.8" });
    const asked = chosen(["torch"], { previous: "12.8", hardware: hardwareOf("cuda==13.0") });

    expect([kept.cuda, asked.cuda]).toEqual(["12.8", "13.0"]);
    expect(kept.notes).toEqual(["Using CUDA 12.8, as before; hosts need a driver from 525 on"]);
  });

  test("is a patch of CUDA, taken as its version", () => {
    const { cuda, notes } = chosen([], { hardware: hardwareOf("cuda==12.8.1") });

    expect(cuda).toBe("12.8");
    expect(notes).toContain(
      "cuda==12.8.1 is taken as 12.8: packages are built for two numbers of a version",
    );
  });

  test("is the CPU where nobody says anything, and what the CUDA builder says there", () => {
    expect(chosen(["torch"], { hardware: hardwareOf() })).toEqual({
      accelerator: "cpu",
      torchBackend: "cpu",
      notes: [],
      problems: [],
    });
    expect(chosen(["torch"], { hardware: cudaBuilder() }).torchBackend).toBe("cu130");
  });

  test("has code for the GPUs in the newest torch of its index", () => {
    const { cuda, notes } = chosen(["torch"], { hardware: hardwareOf("cuda", "gpu v100") });

    // The index cu129 has a newer torch than those with code for Volta.
    expect(cuda).toBe("12.6");
    expect(notes).toEqual([
      "Using CUDA 12.6, since the GPU v100 (Volta, 7.0) needs CUDA up to 12.9 (hardware.txt, line 2); hosts need a driver from 525 on",
    ]);
  });

  test("has an index of torch that is there, where another package needs torch", () => {
    const { cuda, torchBackend } = chosen(["tensorflow==2.18.0"]);

    expect([cuda, torchBackend]).toEqual(["12.5", "cu124"]);
  });
});

describe("the oldest driver of the hosts", () => {
  test("is that for CUDA, or for the GPUs where that is newer", () => {
    const cases: readonly (readonly string[])[] = [
      ["cuda==12.8", "gpu l4"],
      ["cuda==12.8", "gpu b200"],
      ["cuda==12.8", "gpu l4", "gpu rtx-5090"],
      ["cuda==13.0", "gpu b200"],
      ["cuda==11.8", "gpu a100"],
      ["cuda==11.8", "gpu l4"],
      ["cuda==11.8", "gpu h100"],
      ["cuda", "gpu thor"],
      ["cuda", "gpu b200", "driver>=570"],
    ];

    const choices = cases.map((lines) => chosen([], { hardware: hardwareOf(...lines) }));

    expect(choices.map(({ driver }) => driver)).toEqual([
      ...["525", "570", "570", "580", "450", "520", "520", "580", "570"],
    ]);
    expect(choices.flatMap(({ problems }) => problems)).toEqual([]);
    expect(choices[1]?.notes).toEqual([
      "Using CUDA 12.8 (hardware.txt, line 1); hosts need a driver from 570 on for the GPU b200 (Blackwell, 10.0)",
    ]);
  });
});

test("a reason is told once, by the app's own line where it has one", () => {
  const torch = chosen(["torch==2.8.0"], { found: found("torch==2.8.0", "vllm==0.11.0") });
  const cupy = chosen(["cupy-cuda11x"], { found: found("cupy-cuda11x==13.6.0") });

  expect([torch, cupy].map(({ notes }) => notes[0])).toMatchInlineSnapshot(`
    [
      "Using CUDA 12.8, since torch 2.8 has builds for CUDA 12.6, 12.8 and 12.9 (requirements.txt, line 1); hosts need a driver from 525 on",
      "Using CUDA 11.8, since cupy-cuda11x has builds for CUDA 11 (requirements.txt, line 1); hosts need a driver from 450 on",
    ]
  `);
});

describe("where nobody has written the hardware", () => {
  test("the app's own builds and indexes of torch say it", () => {
    const build = chosen(["torch==2.3.0+cu118"], { hardware: hardwareOf() });
    const index = chosen(["torch"], {
      hardware: hardwareOf(),
      indexes: ["https://download.pytorch.org/whl/cu128"],
    });
    const cpu = chosen(["torch==2.9.1+cpu"], { hardware: cudaBuilder() });

    expect([build, index, cpu].map(({ torchBackend }) => torchBackend)).toEqual([
      "cu118",
      "cu128",
      "cpu",
    ]);
    expect([build, index, cpu].flatMap(({ notes }) => notes)).toEqual([
      "Using cuda, since requirements.txt, line 1, asks for it: torch==2.3.0+cu118",
      "Using CUDA 11.8, since torch==2.3.0+cu118 is a build for CUDA 11.8 (requirements.txt, line 1); hosts need a driver from 450 on",
      "Using cuda, since requirements.txt, line 90, asks for it: https://download.pytorch.org/whl/cu128",
      "Using CUDA 12.8, since an index of builds for CUDA 12.8 is named (requirements.txt, line 90); hosts need a driver from 525 on",
      "Using cpu, since requirements.txt, line 1, asks for it: torch==2.9.1+cpu",
    ]);
  });
});

describe("what a resolution has found", () => {
  test("chooses another version where the app's lines leave it open", () => {
    const others = found("torch==2.15.0+cu130", "tensorflow==2.21.0");
    const { torchBackend, notes, problems } = chosen(["torch", "some-package"], { found: others });

    expect([torchBackend, problems]).toEqual(["cu129", []]);
    expect(notes).toEqual([
      "Using CUDA 12.9, since tensorflow 2.21.0 has builds for CUDA 12; hosts need a driver from 525 on",
    ]);
  });

  test("is told where it can't use what is written", () => {
    const { torchBackend, notes } = chosen(["torch"], {
      hardware: hardwareOf("cuda==13.0"),
      found: found("torch==2.15.0+cu130", "tensorflow==2.21.0"),
    });

    expect(torchBackend).toBe("cu130");
    expect(notes).toContain(
      "tensorflow 2.21.0 is built for CUDA 12, and runs without a GPU in this image",
    );
  });

  test("does not hold a version that is there for an earlier choice", () => {
    const { torchBackend, problems } = chosen(["onnxruntime-gpu", "torch==2.8.0"], {
      found: found("torch==2.8.0+cu128", "onnxruntime-gpu==1.31.1"),
    });

    expect([torchBackend, problems]).toEqual(["cu128", []]);
  });

  test("tells the CUDA version of what is compiled against torch", () => {
    const { torchBackend, notes } = chosen(["vllm==0.15.0"], {
      found: found("vllm==0.15.0", "torch==2.9.1+cu130"),
    });

    expect(torchBackend).toBe("cu128");
    expect(notes).toEqual([
      "Using CUDA 12.8, since vllm is built for it, as torch's wheels on PyPI are; hosts need a driver from 525 on",
    ]);
  });

  test("comes to the same once more", () => {
    const lines = ["torch", "tensorflow", "onnxruntime-gpu"];
    const first = chosen(lines);
    const second = chosen(lines, {
      found: found("torch==2.13.0+cu129", "tensorflow==2.21.0", "onnxruntime-gpu==1.26.0"),
    });

    expect(second.torchBackend).toBe(first.torchBackend);
  });
});

describe("pins of NVIDIA's packages", () => {
  const frozen = [
    "torch==2.9.1",
    "nvidia-cublas-cu12==12.8.4.1",
    "nvidia-cuda-runtime-cu12==12.8.90",
  ];

  test("are of one CUDA version", () => {
    expect(chosen(frozen).torchBackend).toBe("cu128");
  });

  test("have to be that of the line", () => {
    expect(told(chosen(frozen, { hardware: hardwareOf("cuda==13.0") }))).toMatchInlineSnapshot(`
      "requirements.txt, line 3: nvidia-cuda-runtime-cu12==12.8.90
        nvidia-cuda-runtime-cu12==12.8.90 is of CUDA 12.8, and hardware.txt, line 1, says cuda==13.0; remove the pins of NVIDIA's packages here, or write cuda==12.8 in hardware.txt, line 1."
    `);
  });
});

describe("contradictions name both sides", () => {
  const pairs: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["torch and the line", ["torch==2.3.0"], ["cuda==12.8"]],
    ["a build and the line", ["torch==2.3.0+cu118"], ["cuda==12.8"]],
    ["a build and the CPU", ["torch==2.3.0+cu118"], ["cpu"]],
    ["a build that there is none of", ["torch==2.9.1+cu118"], ["cuda"]],
    ["two builds", ["torch==2.6.0+cu124", "torchvision==0.21.0+cu118"], ["cuda"]],
    ["an old GPU and CUDA 13", ["torch"], ["cuda==13.0", "gpu v100"]],
    ["an old GPU and a new torch", ["torch==2.15.0"], ["cuda", "gpu v100"]],
    ["a GPU and one of torch's builds", ["torch==2.12.0"], ["cuda==12.9", "gpu v100"]],
    ["a GPU and the newest of an index", ["torch"], ["cuda==12.9", "gpu v100"]],
    ["a new GPU and old CUDA", [], ["cuda==12.4", "gpu b200"]],
    ["a driver and the line", ["torch"], ["cuda==13.0", "driver>=550"]],
    ["a driver and torch", ["torch==2.15.0"], ["cuda", "driver>=550"]],
    ["a driver that runs nothing", [], ["cuda", "driver>=418"]],
    ["TensorFlow and CUDA 13", ["tensorflow"], ["cuda==13.0"]],
    ["two packages", ["torch==2.8.0", "onnxruntime-gpu==1.31.0"], ["cuda"]],
    ["two versions of cuDNN", ["torch==2.5.1", "ctranslate2==4.4.0"], ["cuda"]],
    ["torch and its companion", ["torch==2.9.1", "torchvision==0.20.1"], ["cuda"]],
    ["a driver and a new GPU", [], ["cuda==12.8", "gpu b200", "driver>=550"]],
    ["a driver, a new GPU and CUDA 13", [], ["cuda==13.0", "gpu b200", "driver>=550"]],
    ["two extras", ["jax[cuda12]", "jax[cuda13]"], ["cuda"]],
    ["an extra of a version and the line", ["jax[cuda13]==0.8.0"], ["cuda==12.8"]],
    ["an extra that a version lacks", ["jax[cuda12]==0.4.30"], ["cuda==13.0"]],
    ["ROCm and torch", ["torch==2.12.0"], ["rocm==6.4"]],
    ["ROCm and a build", ["torch==2.9.1+rocm6.4"], ["rocm==7.1"]],
  ];

  test("in full", () => {
    const all = pairs.map(([title, lines, hardware]) => {
      const choice = chosen(lines, { hardware: hardwareOf(...hardware) });
      return `# ${title}\n${told(choice)}`;
    });

    expect(all.join("\n\n")).toMatchInlineSnapshot(`
      "# torch and the line
      requirements.txt, line 1: torch==2.3.0
        torch 2.3 has builds for CUDA 11.8 and 12.1, and hardware.txt, line 1, says cuda==12.8; write torch>=2.7,<2.12 here, or write cuda==12.1 in hardware.txt, line 1.

      # a build and the line
      requirements.txt, line 1: torch==2.3.0+cu118
        torch==2.3.0+cu118 is a build for CUDA 11.8, and hardware.txt, line 1, says cuda==12.8; remove '+cu118' here, or write cuda==11.8 in hardware.txt, line 1.

      # a build and the CPU
      requirements.txt, line 1: torch==2.3.0+cu118
        This is a build for CUDA 11.8, and hardware.txt, line 1, says cpu; remove '+cu118', or write cuda==11.8 there.

      # a build that there is none of
      requirements.txt, line 1: torch==2.9.1+cu118
        torch==2.9.1+cu118 is a build for CUDA 11.8, and torch 2.9 has builds for CUDA 12.6, 12.8, 12.9 and 13.0; remove '+cu118' here, or write torch>=2.2,<2.8 here.

      # two builds
      requirements.txt, line 1: torch==2.6.0+cu124
        torch==2.6.0+cu124 is a build for CUDA 12.4, and torchvision==0.21.0+cu118 is a build for CUDA 11.8 (requirements.txt, line 2); remove '+cu124' here, or remove '+cu118' in requirements.txt, line 2.

      # an old GPU and CUDA 13
      hardware.txt, line 2: gpu v100
        The GPU v100 (Volta, 7.0) needs CUDA up to 12.9, and hardware.txt, line 1, says cuda==13.0; write cuda==12.6 in hardware.txt, line 1.

      # an old GPU and a new torch
      requirements.txt, line 1: torch==2.15.0
        torch 2.15 has builds for CUDA 13.0 and 13.2, and the GPU v100 (Volta, 7.0) needs CUDA up to 12.9 (hardware.txt, line 2); write torch>=2.2,<2.15 here.

      # a GPU and one of torch's builds
      requirements.txt, line 1: torch==2.12.0
        torch 2.12 has builds for CUDA 12.6, 12.9, 13.0 and 13.2, and for the GPU v100 (Volta, 7.0) only those for CUDA 12.6 have code (hardware.txt, line 2), and hardware.txt, line 1, says cuda==12.9; write torch>=2.8,<2.11 here, or write cuda==12.6 in hardware.txt, line 1.

      # a GPU and the newest of an index
      hardware.txt, line 2: gpu v100
        torch 2.13, the newest with builds for CUDA 12.9, has no code for the GPU v100 (7.0); write torch>=2.8,<2.11 where torch is asked for.

      # a new GPU and old CUDA
      hardware.txt, line 2: gpu b200
        The GPU b200 (Blackwell, 10.0) needs CUDA from 12.8 on, and hardware.txt, line 1, says cuda==12.4; write cuda==12.8 in hardware.txt, line 1.

      # a driver and the line
      hardware.txt, line 2: driver>=550
        Drivers from 550 on run CUDA up to 12, and hardware.txt, line 1, says cuda==13.0; write driver>=580 here, or write cuda==12.9 in hardware.txt, line 1.

      # a driver and torch
      requirements.txt, line 1: torch==2.15.0
        torch 2.15 has builds for CUDA 13.0 and 13.2, and drivers from 550 on run CUDA up to 12 (hardware.txt, line 2); write torch>=2.2,<2.15 here, or write driver>=580 in hardware.txt, line 2.

      # a driver that runs nothing
      hardware.txt, line 2: driver>=418
        Drivers as old as 418 run no CUDA that is known here; write driver>=450 here.

      # TensorFlow and CUDA 13
      requirements.txt, line 1: tensorflow
        tensorflow has builds for CUDA 12, and hardware.txt, line 1, says cuda==13.0; write cuda==12.9 in hardware.txt, line 1.

      # two packages
      requirements.txt, line 2: onnxruntime-gpu==1.31.0
        onnxruntime-gpu 1.31.0 has builds for CUDA 13, and torch 2.8 has builds for CUDA 12.6, 12.8 and 12.9 (requirements.txt, line 1); write onnxruntime-gpu>=1.19,<1.27 here, or write torch>=2.9 in requirements.txt, line 1.

      # two versions of cuDNN
      requirements.txt, line 2: ctranslate2==4.4.0
        ctranslate2 4.4.0 needs cuDNN 8, and torch 2.5 (requirements.txt, line 1) needs cuDNN 9; an image holds one of them; write ctranslate2>=4.5 here, or write torch>=1.13,<2.4 in requirements.txt, line 1.

      # torch and its companion
      requirements.txt, line 1: torch==2.9.1
        torch==2.9.1 is asked for, and torchvision 0.20 goes with torch 2.5 (requirements.txt, line 2); write torch==2.5.* here, or write torchvision==0.24.* in requirements.txt, line 2.

      # a driver and a new GPU
      hardware.txt, line 3: driver>=550
        The GPU b200 (Blackwell, 10.0) needs a driver from 570 on (hardware.txt, line 2); write driver>=570 here.

      # a driver, a new GPU and CUDA 13
      hardware.txt, line 3: driver>=550
        The GPU b200 (Blackwell, 10.0) needs a driver from 570 on (hardware.txt, line 2), and CUDA 13.0 one from 580 on; write driver>=580 here.

      # two extras
      requirements.txt, line 1: jax[cuda12]
        jax[cuda12] has builds for CUDA 12, and jax[cuda13] has builds for CUDA 13 (requirements.txt, line 2); write jax[cuda13] here, or write jax[cuda12] in requirements.txt, line 2.

      # an extra of a version and the line
      requirements.txt, line 1: jax[cuda13]==0.8.0
        jax[cuda13] 0.8.0 has builds for CUDA 13, and hardware.txt, line 1, says cuda==12.8; write jax[cuda12]==0.8.0 here, or write cuda==13.0 in hardware.txt, line 1.

      # an extra that a version lacks
      requirements.txt, line 1: jax[cuda12]==0.4.30
        jax[cuda12] 0.4.30 has builds for CUDA 12, and hardware.txt, line 1, says cuda==13.0; write jax[cuda13]>=0.7.2 here, or write cuda==12.9 in hardware.txt, line 1.

      # ROCm and torch
      requirements.txt, line 1: torch==2.12.0
        torch 2.12 has builds for ROCm 7.1 and 7.2, and hardware.txt, line 1, says rocm==6.4; write rocm==7.2 there.

      # ROCm and a build
      requirements.txt, line 1: torch==2.9.1+rocm6.4
        This is for ROCm 6.4, and hardware.txt, line 1, says rocm==7.1; remove '+rocm6.4', or write rocm==6.4 there."
    `);
  });

  test("of a lock, which nobody edits by hand", () => {
    const ofLock = (...pins: readonly string[]) =>
      found(...pins).map((demand) => ({ ...demand, origin: { file: "pylock.toml" } }));
    const asked = (pin: string, line: string) =>
      told(chosen([], { hardware: hardwareOf(line), found: ofLock(pin) }));

    const all = [
      asked("torch==2.8.0+cu128", "cpu"),
      asked("torch==2.8.0+cu128", "cuda==12.6"),
      asked("torch==2.8.0", "cuda==13.0"),
      asked("torch==2.8.0+cu128", "rocm"),
      told(chosen([], { python: "3.14", found: ofLock("torch==2.8.0") })),
      told(chosen([], { found: ofLock("torch==2.5.1", "ctranslate2==4.4.0") })),
    ];
    expect(all.join("\n\n")).toMatchInlineSnapshot(`
      "pylock.toml: torch==2.8.0+cu128
        This is a build for CUDA 12.8, and hardware.txt, line 1, says cpu; lock pylock.toml again without '+cu128', or write cuda==12.8 there.

      pylock.toml: torch==2.8.0+cu128
        torch==2.8.0+cu128 is a build for CUDA 12.8, and hardware.txt, line 1, says cuda==12.6; lock pylock.toml again without '+cu128', or write cuda==12.8 in hardware.txt, line 1.

      pylock.toml: torch==2.8.0
        torch 2.8 has builds for CUDA 12.6, 12.8 and 12.9, and hardware.txt, line 1, says cuda==13.0; lock pylock.toml again with torch>=2.9, or write cuda==12.8 in hardware.txt, line 1.

      pylock.toml: torch==2.8.0+cu128
        This is a build for CUDA 12.8, and hardware.txt, line 1, says rocm; lock pylock.toml again without '+cu128', or write cuda==12.8 there.

      pylock.toml: torch==2.8.0
        It has builds for Python 3.9 to 3.13, and the app's is 3.14; write 3.13 into .python-version, or lock pylock.toml again with torch>=2.9.

      pylock.toml: ctranslate2==4.4.0
        ctranslate2 4.4.0 needs cuDNN 8, and torch 2.5 (pylock.toml) needs cuDNN 9; an image holds one of them; lock pylock.toml again with ctranslate2>=4.5, or lock pylock.toml again with torch>=1.13,<2.4."
    `);
  });

  test("of indexes", () => {
    const indexes = ["https://download.pytorch.org/whl/cu128"];
    const hardware = (line: string) => ({ hardware: hardwareOf(line), indexes });

    expect(told(chosen(["torch"], hardware("cpu")))).toMatchInlineSnapshot(`
      "requirements.txt, line 90: https://download.pytorch.org/whl/cu128
        This index is of builds for CUDA 12.8, and hardware.txt, line 1, says cpu; remove the line, or write cuda==12.8 there."
    `);
    expect(told(chosen(["torch"], hardware("cuda==13.0")))).toMatchInlineSnapshot(`
      "requirements.txt, line 90: https://download.pytorch.org/whl/cu128
        An index of builds for CUDA 12.8 is named, and hardware.txt, line 1, says cuda==13.0; remove the line here, or write cuda==12.8 in hardware.txt, line 1."
    `);
    expect(told(chosen(["torch==2.9.1+cpu"], hardware("cuda")))).toMatchInlineSnapshot(`
      "requirements.txt, line 90: https://download.pytorch.org/whl/cu128
        This asks for CUDA 12.8, and requirements.txt, line 1 (torch==2.9.1+cpu) for the CPU; keep one of them."
    `);
  });

  test("of a Python, with what to write", () => {
    expect(told(chosen(["torch==2.3.0", "tensorflow==2.15.1"], { python: "3.13" })))
      .toMatchInlineSnapshot(`
        "requirements.txt, line 1: torch==2.3.0
          It has builds for Python 3.8 to 3.12, and the app's is 3.13; write 3.12 into .python-version, or write torch>=2.5 here.

        requirements.txt, line 2: tensorflow==2.15.1
          It has builds for Python 3.9 to 3.11, and the app's is 3.13; write 3.11 into .python-version, or write tensorflow>=2.20 here."
      `);
    expect(told(chosen(["torch"], { hardware: hardwareOf("cuda==11.8"), python: "3.14" })))
      .toMatchInlineSnapshot(`
      "requirements.txt, line 1: torch
        torch has builds for CUDA 11.6, 11.7, 11.8, 12.1, 12.4, 12.6, 12.8, 12.9, 13.0 and 13.2, and hardware.txt, line 1, says cuda==11.8, and the app's Python is 3.14; write cuda==13.0 in hardware.txt, line 1, or write 3.13 into .python-version."
    `);
  });

  test("of a variable and of the builder, which have no lines", () => {
    const hardware = hardwareOf("cpu");
    const accelerator = { ...hardware.accelerator, origin: { file: "BP_HARDWARE" } };

    expect(told(chosen(["vllm"], { hardware: { ...hardware, accelerator } }))).toContain(
      "vllm runs on NVIDIA's GPUs only, and BP_HARDWARE says cpu.",
    );
  });

  test("that no line of the app has a part in has the place of the hardware", () => {
    expect(
      told(
        chosen([], { hardware: hardwareOf("cuda"), found: found("torch==2.9.1"), python: "3.6" }),
      ),
    ).toMatchInlineSnapshot(`
      "hardware.txt, line 1: cuda
        The app's Python is 3.6; write 3.15 into .python-version."
    `);
  });

  test("of what is pinned together with torch", () => {
    expect(
      told(
        chosen(["vllm==0.15.0"], {
          hardware: hardwareOf("cuda==13.0"),
          found: found("vllm==0.15.0", "torch==2.9.1+cu130"),
        }),
      ),
    ).toMatchInlineSnapshot(`
      "requirements.txt, line 1: vllm==0.15.0
        vllm 0.15.0 is built for CUDA 12.8, as torch's wheels on PyPI are, and torch 2.9 has builds for CUDA 12.6, 12.8, 12.9 and 13.0, and hardware.txt, line 1, says cuda==13.0; write cuda==12.8 in hardware.txt, line 1."
    `);
  });
});

describe("torch that no line of the app pins", () => {
  test("counts where another package needs it", () => {
    const asked = { hardware: hardwareOf("cuda==12.5"), found: found("torch==2.6.0+cu124") };

    expect(chosen(["ultralytics"], { hardware: hardwareOf("cuda==12.5") }).problems).toEqual([]);
    expect(told(chosen(["ultralytics"], asked))).toMatchInlineSnapshot(`
      "hardware.txt, line 1: cuda==12.5
        torch has builds for CUDA 11.6, 11.7, 11.8, 12.1, 12.4, 12.6, 12.8, 12.9, 13.0 and 13.2; write cuda==12.6 here."
    `);
  });

  test("counts where a package that belongs to it is asked for", () => {
    const { torchBackend } = chosen(["torchvision"], { hardware: hardwareOf("cuda==12.8") });

    expect(torchBackend).toBe("cu128");
    expect(told(chosen(["torchvision"], { hardware: hardwareOf("cuda==12.5") })))
      .toMatchInlineSnapshot(`
        "requirements.txt, line 1: torchvision
          torch has builds for CUDA 11.6, 11.7, 11.8, 12.1, 12.4, 12.6, 12.8, 12.9, 13.0 and 13.2, and hardware.txt, line 1, says cuda==12.5; write cuda==12.6 in hardware.txt, line 1."
      `);
  });
});

test("versions that there are none of", () => {
  const all = ["cuda==12.7", "cuda==14", "cuda==10.2"].map((line) =>
    told(chosen(["torch"], { hardware: hardwareOf(line) })),
  );

  expect(all.join("\n\n")).toMatchInlineSnapshot(`
    "hardware.txt, line 1: cuda==12.7
      There is no CUDA 12.7; 12.6 and 12.8 are the nearest:

        cuda==12.8

    hardware.txt, line 1: cuda==14
      No CUDA 14 is known here; 13.5 is the newest:

        cuda==13.5

    hardware.txt, line 1: cuda==10.2
      CUDA 10.2 is older than what packages are built for; 11.6 is the oldest:

        cuda==11.6"
  `);
});

test("what is newer than the data passes, and is told", () => {
  const { torchBackend, notes } = chosen(["torch==2.16.0"], {
    hardware: hardwareOf("cuda==13.9"),
  });

  expect(torchBackend).toBe("cu139");
  expect(notes).toEqual([
    "Using CUDA 13.9 (hardware.txt, line 1); hosts need a driver from 580 on",
    "CUDA 13.9 is newer than what is known here (13.5); it is let pass",
    "torch 2.16 is newer than what is known here (2.15); it is let pass",
  ]);
});

test.each([["torch"], ["torch>=2.9"]])(
  "a Python that is newer than the data passes with %s, and is told",
  (line) => {
    const { cuda, problems, notes } = chosen([line], { python: "3.16" });

    expect({ cuda, problems }).toEqual({ cuda: "13.0", problems: [] });
    expect(notes).toEqual([
      "Using CUDA 13.0, the default; hosts need a driver from 580 on",
      "Python 3.16 is newer than what is known here (3.15); it is let pass",
    ]);
    expect(chosen(["numpy"], { python: "3.16" }).notes).toHaveLength(1);
  },
);

test("a release of torch that is known has no builds for it", () => {
  expect(told(chosen(["torch==2.9.1"], { python: "3.16" }))).toMatchInlineSnapshot(`
    "requirements.txt, line 1: torch==2.9.1
      It has builds for Python 3.10 to 3.14, and the app's is 3.16; write 3.14 into .python-version."
  `);
});

describe("packages for GPUs only", () => {
  test("stop a build for the CPU, with the line to write", () => {
    const lines = ["vllm", "faiss-gpu-cu12", "numpy"];

    expect(told(chosen(lines, { hardware: hardwareOf("cpu") }))).toMatchInlineSnapshot(`
      "requirements.txt, line 1: vllm
        vllm runs on NVIDIA's GPUs only, and hardware.txt, line 1, says cpu. For GPUs, write this in place of it (hardware.txt, line 1):

          cuda

      requirements.txt, line 2: faiss-gpu-cu12
        faiss-gpu-cu12 runs on NVIDIA's GPUs only, and hardware.txt, line 1, says cpu; without a GPU, faiss-cpu takes its place. For GPUs, write this in place of it (hardware.txt, line 1):

          cuda"
    `);
    expect(told(chosen(lines, { hardware: hardwareOf() }))).toMatchInlineSnapshot(`
      "requirements.txt, line 1: vllm
        vllm runs on NVIDIA's GPUs only, and nothing says that the image is for GPUs. For GPUs, write this into hardware.txt:

          cuda

      requirements.txt, line 2: faiss-gpu-cu12
        faiss-gpu-cu12 runs on NVIDIA's GPUs only, and nothing says that the image is for GPUs; without a GPU, faiss-cpu takes its place. For GPUs, write this into hardware.txt:

          cuda"
    `);
  });

  test("stop it where another package needs them, too", () => {
    const asked = { hardware: hardwareOf("cpu"), found: found("flash-attn==2.8.3") };

    expect(told(chosen(["some-package"], asked))).toMatchInlineSnapshot(`
      "hardware.txt, line 1: cpu
        flash-attn, which another package needs, runs on NVIDIA's GPUs only. For GPUs, write this in place of it (hardware.txt, line 1):

          cuda"
    `);
  });

  test("are NVIDIA's where the image is for AMD's", () => {
    expect(told(chosen(["cupy-cuda12x"], { hardware: hardwareOf("rocm==6.4") })))
      .toMatchInlineSnapshot(`
      "requirements.txt, line 1: cupy-cuda12x
        cupy-cuda12x runs on NVIDIA's GPUs only, and hardware.txt, line 1, says rocm==6.4."
    `);
  });
});

test("what brings CUDA is told where it is left out", () => {
  const lines = ["tensorflow[and-cuda]", "jax[cuda13]", "onnxruntime-gpu"];

  expect(chosen(lines, { hardware: hardwareOf("cpu") })).toMatchObject({
    torchBackend: "cpu",
    problems: [],
    notes: [
      "Leaving out what tensorflow[and-cuda] (requirements.txt, line 1) brings for CUDA, since the image is for cpu",
      "Leaving out what jax[cuda13] (requirements.txt, line 2) brings for CUDA, since the image is for cpu",
      "onnxruntime-gpu (requirements.txt, line 3) runs without a GPU, too; onnxruntime is the same without the code for CUDA",
    ],
  });
});
