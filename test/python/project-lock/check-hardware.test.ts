import { describe, expect, it } from "vitest";
import type { Hardware } from "../../../src/accelerator/hardware.ts";
import { Failure } from "../../../src/kit/failure.ts";
import { createLog } from "../../../src/kit/log.ts";
import { checkHardware } from "../../../src/python/project-lock/check-hardware.ts";
import type { PylockPackage } from "../../../src/python/uv/pylock.ts";

const hashes = { sha256: "0".repeat(64) };

function locked(...pins: readonly string[]): readonly PylockPackage[] {
  return pins.map((pin) => {
    const [name = "", version = ""] = pin.split("==");
    return { name, version, wheels: [{ name: `${name}-${version}.whl`, size: 1e8, hashes }] };
  });
}

const CUDA_12 = locked(
  "torch==2.9.1",
  "nvidia-cuda-runtime-cu12==12.8.90",
  "nvidia-cublas-cu12==12.8.4.1",
);

function hardware(name: "cpu" | "cuda", specifier = ""): Hardware {
  const origin = { file: "hardware.txt", line: 1 };
  const text = `${name}${specifier}`;
  return {
    accelerator: { name, specifier, assumed: false, origin, text },
    gpus: [],
    libraries: [],
  };
}

const NOBODY: Hardware = {
  accelerator: {
    ...{ name: "cpu", specifier: "", assumed: true, text: "cpu" },
    origin: { file: "the builder" },
  },
  gpus: [],
  libraries: [],
};

function check(asked: Hardware, packages: readonly PylockPackage[]) {
  const lines: string[] = [];
  const take = (line: string) => lines.push(line);
  const log = createLog({ out: take, err: take, debug: false });
  const facts = { hardware: asked, packages, lockFile: "uv.lock", python: "3.13", log };
  try {
    return { accelerated: checkHardware(facts), log: lines.join("").trim() };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { code: error.code, body: error.userMessage.body };
  }
}

describe("where nobody has said what the image runs on", () => {
  it("a lock without CUDA's libraries is for CPUs", () => {
    expect(check(NOBODY, locked("six==1.17.0"))).toEqual({
      ...{ accelerated: { accelerator: "cpu" }, log: "" },
    });
  });

  it("a lock with them says it", () => {
    expect(check(NOBODY, CUDA_12)).toMatchObject({
      accelerated: { accelerator: "cuda", cuda: "12.8" },
      log: expect.stringContaining(
        "Using cuda, since uv.lock has CUDA's libraries (200 MB to download); for CPUs alone",
      ),
    });
  });

  it("so does torch's own word for it", () => {
    expect(check(NOBODY, locked("torch==2.9.1+cu128"))).toMatchObject({
      accelerated: { accelerator: "cuda", cuda: "12.8" },
      log: expect.stringContaining("Using cuda, since uv.lock asks for it: torch==2.9.1+cu128"),
    });
  });
});

it("a builder for GPUs makes an image for any host of a lock that has nothing for them", () => {
  const accelerator = { ...NOBODY.accelerator, name: "cuda" as const, text: "cuda" };

  expect(check({ ...NOBODY, accelerator }, locked("six==1.17.0"))).toMatchObject({
    accelerated: { accelerator: "cpu" },
  });
});

describe("where hardware.txt says it", () => {
  it.each<[string, Hardware, readonly PylockPackage[], string]>([
    ["cpu, and the lock has CUDA's libraries", hardware("cpu"), CUDA_12, "hardware-differs"],
    ["cpu, and torch is for CUDA", hardware("cpu"), locked("torch==2.9.1+cu128"), "hardware-unfit"],
    ["cuda, and torch is for CPUs", hardware("cuda"), locked("torch==2.9.1+cpu"), "hardware-unfit"],
    ["another CUDA version", hardware("cuda", "==12.6"), CUDA_12, "hardware-unfit"],
    ["another major version", hardware("cuda", "==13.0"), CUDA_12, "hardware-unfit"],
    [
      "cuda, and the lock has two of them",
      hardware("cuda"),
      locked("nvidia-cublas-cu12==12.8.4.1", "nvidia-cublas==13.1.0.3"),
      "two-cuda-majors",
    ],
  ])("%s", (_what, asked, packages, code) => {
    expect(check(asked, packages)).toMatchObject({ code });
  });

  it("both sides are told", () => {
    expect(check(hardware("cpu"), CUDA_12)).toMatchInlineSnapshot(`
      {
        "body": "Found in hardware.txt, line 1: cpu
      Found in uv.lock: nvidia-cuda-runtime-cu12 12.8.90 and nvidia-cublas-cu12 12.8.4.1

      A lock is installed as it is, with CUDA's libraries (200 MB to download). For GPUs, write 'cuda' into hardware.txt. Otherwise take torch from https://download.pytorch.org/whl/cpu in the project, and lock it again.",
        "code": "hardware-differs",
      }
    `);
    expect(check(hardware("cuda"), locked("torch==2.9.1+cpu"))).toMatchInlineSnapshot(`
      {
        "body": "uv.lock: torch==2.9.1+cpu
        This is a build for the CPU, and hardware.txt, line 1, says cuda; lock uv.lock again without '+cpu', or write cpu there.",
        "code": "hardware-unfit",
      }
    `);
    expect(check(hardware("cuda", "==12.6"), CUDA_12)).toMatchInlineSnapshot(`
      {
        "body": "uv.lock: nvidia-cuda-runtime-cu12==12.8.90
        nvidia-cuda-runtime-cu12==12.8.90 is of CUDA 12.8, and hardware.txt, line 1, says cuda==12.6; lock uv.lock again without the pins of NVIDIA's packages, or write cuda==12.8 in hardware.txt, line 1.",
        "code": "hardware-unfit",
      }
    `);
  });

  it("and torchvision is of the release before, which goes with this torch, too", () => {
    const pair = locked("torch==2.15.0", "torchvision==0.29.2");

    expect(check(hardware("cuda"), pair)).toMatchObject({ accelerated: { accelerator: "cuda" } });
  });

  it("and they agree, the packages' own version counts", () => {
    expect(check(hardware("cuda"), CUDA_12)).toMatchObject({
      accelerated: { accelerator: "cuda", cuda: "12.8" },
    });
  });

  it("and the lock lacks libraries, a warning tells what to add", () => {
    const { log } = check(hardware("cuda"), locked("onnxruntime-gpu==1.22.0"));

    expect(log).toMatchInlineSnapshot(`
      "Using CUDA 12.9, since onnxruntime-gpu 1.22.0 has builds for CUDA 12 (uv.lock); hosts need a driver from 525 on

      [Warning: uv.lock lacks what the hardware needs]
      A lock is installed as it is. Add these to the project, and lock it again:
      - onnxruntime-gpu[cuda,cudnn] (without the extra it brings no libraries of CUDA)
      - cuda-toolkit[cublas,cudart,cufft,curand,nvjitlink,nvrtc]==12.9.* (for onnxruntime-gpu)"
    `);
  });
});
