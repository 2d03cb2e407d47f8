import { beforeAll, describe, expect, it } from "vitest";
import type { RemoteImage } from "../../scripts/lib/registry-client.ts";
import { makeApp } from "../support/apps.ts";
import { buildAndPublish, runApp } from "../support/platform.ts";
import { torchWheels } from "../support/torch-wheels.ts";
import { serveWheels } from "../support/wheel-index.ts";

/** The app says which torch it has, whose library must find CUDA's. */
const APP = {
  "requirements.txt": "torch\n",
  "main.py": "import torch\nprint(torch.__version__, torch.loaded)\n",
};

let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  const address = await serveWheels(await torchWheels());
  env = {
    PIP_INDEX_URL: `${address}/simple`,
    BP_TORCH_INDEX: `${address}/whl`,
  };
});

describe("torch without a word on hardware", () => {
  it("is for CPUs with the CPU builder, and nothing of NVIDIA is in the image", async () => {
    const { reference, image } = await buildAndPublish("hardware/cpu-builder", {
      path: await makeApp(APP),
      env,
    });

    expect(await lockOf(reference)).toMatchInlineSnapshot(`
      [
        "filelock 3.20.0",
        "fsspec 2025.10.0",
        "jinja2 3.1.6",
        "sympy 1.14.0",
        "torch 2.11.0+cpu",
        "typing-extensions 4.15.0",
      ]
    `);
    expect(labelsOf(image)).toMatchInlineSnapshot(`
      {
        "io.ml-buildpacks.accelerator": "cpu",
      }
    `);
    expect(await nvidiaIn(reference)).toEqual([]);
    expect(await runApp(reference)).toContain("2.11.0+cpu for CPUs");
  });

  it("is for CUDA with the CUDA builder", async () => {
    const { reference, image } = await buildAndPublish("hardware/cuda-builder", {
      path: await makeApp(APP),
      flavour: "cuda",
      env,
    });

    expect(await lockOf(reference)).toMatchInlineSnapshot(`
      [
        "cuda-toolkit 13.0.2",
        "filelock 3.20.0",
        "fsspec 2025.10.0",
        "jinja2 3.1.6",
        "nvidia-cublas 13.1.0.3",
        "nvidia-cuda-runtime 13.0.96",
        "nvidia-nccl-cu13 2.28.9",
        "sympy 1.14.0",
        "torch 2.11.0+cu130",
        "triton 3.6.0",
        "typing-extensions 4.15.0",
      ]
    `);
    expect(labelsOf(image)).toMatchInlineSnapshot(`
      {
        "io.ml-buildpacks.accelerator": "cuda",
        "io.ml-buildpacks.cuda": "13.0",
        "io.ml-buildpacks.nvidia-driver": ">=580",
      }
    `);
    expect(await runApp(reference)).toContain("2.11.0+cu130 with CUDA 13");
  });
});

describe("hardware.txt", () => {
  it("decides, whatever the builder", async () => {
    const path = await makeApp({ ...APP, "hardware.txt": "cpu\n" });
    const { reference, image } = await buildAndPublish("hardware/cpu", {
      ...{ path, flavour: "cuda", env },
    });

    expect(await lockOf(reference)).toContain("torch 2.11.0+cpu");
    expect(await nvidiaIn(reference)).toEqual([]);
    expect(labelsOf(image)).toEqual({ "io.ml-buildpacks.accelerator": "cpu" });
  });

  it.each([
    ["12.8", "cu128", "12"],
    ["13.0", "cu130", "13"],
  ])("with CUDA %s gives its wheels and libraries", async (version, backend, major) => {
    const path = await makeApp({ ...APP, "hardware.txt": `cuda==${version}\n` });
    const { reference, image, output } = await buildAndPublish(`hardware/${backend}`, {
      ...{ path, env },
    });

    expect(output).toContain(`Using torch from ${env["BP_TORCH_INDEX"]}/${backend}`);
    expect(await lockOf(reference)).toContain(`torch 2.11.0+${backend}`);
    expect(labelsOf(image)).toMatchObject({
      "io.ml-buildpacks.accelerator": "cuda",
      "io.ml-buildpacks.cuda": version,
    });
    const started = await runApp(reference);
    expect(started).toContain(`2.11.0+${backend} with CUDA ${major}`);
    expect(started).toContain("NVIDIA");
  });

  it("is overridden by BP_HARDWARE, so that one commit gives images for both", async () => {
    const path = await makeApp({ ...APP, "hardware.txt": "cuda==12.8\n" });
    const name = "hardware/both";
    const cuda = await buildAndPublish(name, { path, env });
    const cpu = await buildAndPublish(name, { path, env: { ...env, BP_HARDWARE: "cpu" } });

    expect(cpu.output).toContain("The hardware has changed from cuda==12.8 to cpu");
    expect(await nvidiaIn(cpu.reference)).toEqual([]);
    expect(sizeOf(cpu.image)).toBeLessThan(sizeOf(cuda.image) / 2);
  });
});

/** "torch 2.11.0+cpu" each. */
async function lockOf(image: string): Promise<readonly string[]> {
  const file = "/layers/ml-buildpacks_pip/lock/pylock.toml";
  const text = await runApp(image, { args: ["--entrypoint=cat"], command: [file] });
  return [...text.matchAll(/^name = "(.*)"\nversion = "(.*)"$/gm)].map(
    ([, name, version]) => `${name} ${version}`,
  );
}

/** Whatever is called after NVIDIA in the image. */
async function nvidiaIn(image: string): Promise<readonly string[]> {
  const text = await runApp(image, {
    args: ["--entrypoint=find"],
    command: ["/layers", "-name", "*nvidia*"],
  });
  // The engine's own words, as it pulls the image, are among them.
  return text.split("\n").filter((line) => line.startsWith("/"));
}

function labelsOf({ labels }: RemoteImage): Readonly<Record<string, string>> {
  const ours = /^io\.ml-buildpacks\.(?:accelerator|cuda|nvidia-driver)$/;
  return Object.fromEntries(Object.entries(labels).filter(([name]) => ours.test(name)));
}

function sizeOf({ layers }: RemoteImage): number {
  return layers.reduce((sum, { size }) => sum + size, 0);
}
