import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { bothFlavoursConfig, cudaBuilderToml } from "../../scripts/lib/builder-config.ts";
import { parseToml } from "../../src/cnb/toml.ts";

const read = async (file: string) => await readFile(file, "utf8");

describe("builder.cuda.toml", () => {
  it("is what `npm run docs` would write", async () => {
    expect(await read("builder.cuda.toml")).toBe(cudaBuilderToml(await read("builder.toml")));
  });

  it("has the buildpacks and the order of builder.toml, on the CUDA stack's images", async () => {
    const cpu = parseToml(await read("builder.toml"));
    const cuda = parseToml(await read("builder.cuda.toml"));

    expect(cuda).toEqual({
      ...cpu,
      description: "Turns a machine-learning repository into a container image for NVIDIA's GPUs",
      build: { image: "ml-buildpacks/build:cuda" },
      run: { images: [{ image: "ml-buildpacks/run:cuda" }] },
      stack: {
        id: "io.ml-buildpacks.stacks.debian13.cuda",
        "build-image": "ml-buildpacks/build:cuda",
        "run-image": "ml-buildpacks/run:cuda",
      },
    });
  });

  it("is not made from a builder.toml whose images have other names", () => {
    expect(() => cudaBuilderToml("# The builder\n")).toThrow("builder.toml has no");
  });
});

it("the builder for both has the CPU one's order, and both run images, the CPU one first", async () => {
  const cpu = parseToml(await read("builder.toml"));
  const stack = (flavour: string) => ({
    run: `here/run:${flavour}`,
    build: `here/build:${flavour}`,
  });

  const config = await bothFlavoursConfig({ cpu: stack("cpu"), cuda: stack("cuda") });

  expect(config.order).toEqual(cpu["order"]);
  expect(config.build).toEqual({
    image: "here/build:cpu",
    env: [{ name: "BP_CUDA_RUN_IMAGE", value: "here/run:cuda" }],
  });
  expect(config.run.images).toEqual([{ image: "here/run:cpu" }, { image: "here/run:cuda" }]);
  expect(config).not.toHaveProperty("stack");
});
