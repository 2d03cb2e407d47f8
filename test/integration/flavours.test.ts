import { beforeAll, describe, expect, inject, it } from "vitest";
import { type PublishedBuilders, publishBuilders } from "../../scripts/lib/publish.ts";
import { askEngine, type Engine, findEngine } from "../../scripts/lib/engine.ts";
import { findLabel } from "../../scripts/lib/images.ts";
import { runPack } from "../../scripts/lib/pack.ts";
import { readRemoteImage, type RemoteImage } from "../../scripts/lib/registry-client.ts";
import { makeApp } from "../support/apps.ts";
import { buildAndPublish, buildIntoEngine, runApp } from "../support/platform.ts";

const APP = { "requirements.txt": "six==1.17.0\n", Procfile: "web: python3 --version\n" };
const GPU_ENV = ["NVIDIA_VISIBLE_DEVICES=all", "NVIDIA_DRIVER_CAPABILITIES=compute,utility"];
const STACK_IDS = {
  cpu: "io.ml-buildpacks.stacks.debian13",
  cuda: "io.ml-buildpacks.stacks.debian13.cuda",
};

let engine: Engine;

beforeAll(async () => {
  engine = await findEngine();
});

describe("the CUDA stack", () => {
  it("has the CPU run image's layers, with another configuration", async () => {
    const [cpu, cuda] = [await inspect("run:cpu"), await inspect("run:cuda")];

    expect(cuda.layers).toEqual(cpu.layers);
    expect(cuda.user).toBe(cpu.user);
    expect(cuda.env).toEqual(
      cpu.env
        .map((entry) => (entry.startsWith("PATH=") ? `${entry}:/usr/local/nvidia/bin` : entry))
        .concat(GPU_ENV, "LD_LIBRARY_PATH=/usr/local/nvidia/lib64"),
    );
  });

  it("adds one file to the CPU build image, and no GPU for builds", async () => {
    const [cpu, cuda] = [await inspect("build:cpu"), await inspect("build:cuda")];
    const command = ["run", "--rm", "ml-buildpacks/build:cuda"];

    expect(cuda.layers.slice(0, -1)).toEqual(cpu.layers);
    expect(cuda.size - cpu.size).toBeLessThan(1000);
    expect(cuda.user).toBe(cpu.user);
    expect(cuda.env).toEqual(cpu.env);
    expect(await askEngine(engine, [...command, "cat", "/usr/share/ml-buildpacks/hardware"])).toBe(
      "cuda",
    );
  });

  it.each(["io.ml-buildpacks.dpkg-status", "io.ml-buildpacks.python"])(
    "tells the same %s as the CPU one",
    async (label) => {
      const expected = await findLabel(engine, "ml-buildpacks/run:cpu", label);

      for (const image of ["run:cuda", "build:cuda"]) {
        expect(await findLabel(engine, `ml-buildpacks/${image}`, label)).toBe(expected);
      }
    },
  );

  it("has one id of its own", async () => {
    for (const image of ["run:cuda", "build:cuda", "builder:cuda"]) {
      const name = `ml-buildpacks/${image}`;
      expect(await findLabel(engine, name, "io.buildpacks.stack.id")).toBe(STACK_IDS.cuda);
      expect(await findLabel(engine, name, "io.ml-buildpacks.stack.hardware")).toBe("cuda");
    }
  });
});

describe("each flavour's builder", () => {
  it("gives an app its run image", async () => {
    const path = await makeApp(APP);
    const cpu = await buildAndPublish("flavours/cpu", { path });
    const cuda = await buildAndPublish("flavours/cuda", { path, flavour: "cuda" });

    expect(flavourOf(cpu.image)).toBe("cpu");
    expect(flavourOf(cuda.image)).toBe("cuda");
    expect(await runApp(cuda.reference)).toContain("Python 3.13");
  });

  it("makes an image that is rebased like any other", async () => {
    const path = await makeApp(APP);
    const { reference } = await buildAndPublish("flavours/rebased", { path, flavour: "cuda" });

    await runPack(engine, ["rebase", reference, "--publish"]);

    expect(flavourOf(await readRemoteImage(reference))).toBe("cuda");
    const across = ["--run-image", inject("platform").flavours.cpu.runImage];
    await expect(runPack(engine, ["rebase", reference, "--publish", ...across])).rejects.toThrow(
      "rebase",
    );
  });

  it("is inspected by pack without a warning", async () => {
    const output = await runPack(engine, ["builder", "inspect", "ml-buildpacks/builder:cuda"]);

    expect(output).not.toMatch(/warning/i);
    expect(output).toContain(`ID: ${STACK_IDS.cuda}`);
  });
});

describe("one builder for both", () => {
  let published: PublishedBuilders;

  beforeAll(async () => {
    const stackOf = (flavour: string) => ({
      run: `ml-buildpacks/run:${flavour}`,
      build: `ml-buildpacks/build:${flavour}`,
    });
    const { registry, flavours } = inject("platform");
    published = await publishBuilders(
      {
        engine,
        cpu: { stack: stackOf("cpu"), image: flavours.cpu.builder },
        cuda: { stack: stackOf("cuda"), image: flavours.cuda.builder },
      },
      `${registry}/both`,
    );
  });

  it("is the CPU one where pack is told the run image", async () => {
    const { reference } = await buildIntoEngine("flavours/told", {
      path: await makeApp(APP),
      runImage: "ml-buildpacks/run:cuda",
    });

    expect((await inspect(reference)).env).toEqual(expect.arrayContaining(GPU_ENV));
  });

  it("chooses the CUDA run image where hardware.txt asks for it, and reuses all layers", async () => {
    const path = await makeApp({ ...APP, "hardware.txt": "cuda\n" });

    const first = await build("cuda", path);
    const second = await build("cuda", path);

    expect(first.output).toContain(
      `Using ${published.cuda.stack.run}, since hardware.txt asks for CUDA`,
    );
    expect(first.output).not.toContain("not found in run metadata");
    expect(flavourOf(first.image)).toBe("cuda");
    expect(second.image.digest).toBe(first.image.digest);
    expect(second.output).toContain("Reusing layer 'ml-buildpacks/site-packages:environment'");
    expect(await runApp(first.reference)).toContain("Python 3.13");
  });

  it("leaves other apps on the CPU run image", async () => {
    const path = await makeApp({ ...APP, "hardware.txt": "cuda\n" });
    const { image, output } = await build("cpu", path, { BP_HARDWARE: "cpu" });

    expect(flavourOf(image)).toBe("cpu");
    expect(output).not.toContain("[Choosing the run image]");
  });

  it("makes an image that is rebased on the run image that was chosen", async () => {
    const { reference } = await build(
      "rebased",
      await makeApp({ ...APP, "hardware.txt": "aws\n" }),
    );

    await runPack(engine, ["rebase", reference, "--publish"]);

    expect(flavourOf(await readRemoteImage(reference))).toBe("cuda");
  });

  async function build(name: string, path: string, env: Record<string, string> = {}) {
    return await buildAndPublish(`flavours/both/${name}`, {
      ...{ path, env, builder: published.any, lifecycleImage: published.lifecycle },
    });
  }
});

function flavourOf({ env, labels }: RemoteImage): "cpu" | "cuda" {
  const flavour = env.some((entry) => entry.startsWith("NVIDIA_")) ? "cuda" : "cpu";
  expect(labels["io.buildpacks.stack.id"]).toBe(STACK_IDS[flavour]);
  return flavour;
}

async function inspect(image: string) {
  const name = image.includes("/") ? image : `ml-buildpacks/${image}`;
  const [found] = JSON.parse(await askEngine(engine, ["image", "inspect", name])) as [
    {
      readonly Size: number;
      readonly RootFS: { readonly Layers: readonly string[] };
      readonly Config: { readonly Env: string[]; readonly User: string };
    },
  ];
  const { Size: size, RootFS: root, Config: config } = found;
  return { size, layers: root.Layers, env: config.Env, user: config.User };
}
