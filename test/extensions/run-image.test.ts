import { spawnSync } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parseHardware } from "../../src/accelerator/hardware/parse.ts";
import { temporaryDirectory } from "../support/temporary.ts";

/** Runs a program of the extension in an app's folder. */
function run(program: "detect" | "generate", app: string, env: Record<string, string> = {}) {
  const path = resolve("extensions/run-image/bin", program);
  const { status, stdout, stderr } = spawnSync(path, {
    cwd: app,
    env: { PATH: process.env["PATH"], ...env },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

async function appWith(hardware?: string | Buffer): Promise<string> {
  const app = await temporaryDirectory();
  if (hardware !== undefined) await writeFile(join(app, "hardware.txt"), hardware);
  return app;
}

describe("taking part", () => {
  it.each([
    "cuda",
    "CUDA == 12.8",
    "cuda>=12.4,<13",
    "cuda-12.8",
    "cu128",
    "aws",
    "gpu l4 h100",
    "gpu: l4",
    "driver>=550",
    "libraries cublas cudnn",
    "toolkit",
    "# cpu\ncuda # not cpu\n",
    "gpu l4; cuda==12.8",
    "cpu",
    "cpu # cuda",
    "# cuda",
    "rocm",
    "rocm6.4",
    "neuron\ncompiler",
    "tpu",
    "coral",
    "compiler",
    "",
  ])("agrees with ml-buildpacks/hardware on %j", async (text) => {
    const { accelerator, problems } = parseHardware(text, { file: "hardware.txt", hasLines: true });
    const app = await appWith(text);
    const expected = { status: accelerator?.name === "cuda" ? 0 : 100, stdout: "", stderr: "" };

    expect(problems).toEqual([]);
    expect(run("detect", app)).toEqual(expected);
    expect(run("detect", await appWith(), { BP_HARDWARE: text })).toEqual(expected);
  });

  it.each([
    ["a BOM and CRLF", Buffer.from("\uFEFFcuda==12.8\r\n")],
    ["UTF-16", Buffer.from("\uFEFFcuda==12.8\r\n", "utf16le")],
    ["no line end", Buffer.from("cuda")],
  ])("reads a file with %s", async (_, bytes) => {
    expect(run("detect", await appWith(bytes)).status).toBe(0);
  });

  it("leaves an app alone that says nothing", async () => {
    expect(run("detect", await appWith()).status).toBe(100);
  });

  it("takes BP_HARDWARE before the file, and an empty one as unset", async () => {
    const [cuda, cpu] = [await appWith("cuda\n"), await appWith("cpu\n")];

    expect(run("detect", cuda, { BP_HARDWARE: "cpu" }).status).toBe(100);
    expect(run("detect", cpu, { BP_HARDWARE: "cuda" }).status).toBe(0);
    expect(run("detect", cuda, { BP_HARDWARE: "" }).status).toBe(0);
    expect(run("detect", cuda, { BP_HARDWARE: " \n" }).status).toBe(0);
  });

  it("does not take words for patterns of file names", async () => {
    const app = await appWith("*\n");
    await writeFile(join(app, "cuda"), "");

    expect(run("detect", app).status).toBe(100);
  });
});

describe("choosing the run image", () => {
  it("names the one that the builder has for CUDA", async () => {
    const [app, output] = [await appWith("cuda\n"), await temporaryDirectory()];
    const env = { CNB_OUTPUT_DIR: output, BP_CUDA_RUN_IMAGE: "registry.example.com/ml/run:cuda" };

    expect(run("generate", app, env)).toMatchInlineSnapshot(`
      {
        "status": 0,
        "stderr": "",
        "stdout": "
      [Choosing the run image]
      Using registry.example.com/ml/run:cuda, since hardware.txt asks for CUDA
      ",
      }
    `);
    expect(await readFile(join(output, "run.Dockerfile"), "utf8")).toBe(
      "FROM registry.example.com/ml/run:cuda\n",
    );
  });

  it("names the file where BP_HARDWARE is blank", async () => {
    const [app, output] = [await appWith("cuda\n"), await temporaryDirectory()];
    const env = { CNB_OUTPUT_DIR: output, BP_CUDA_RUN_IMAGE: "run:cuda", BP_HARDWARE: " " };

    expect(run("generate", app, env).stdout).toContain("since hardware.txt asks");
  });

  it.each(["run:cuda\nRUN id", "run:cuda AS base", "$IMAGE", "rün:cuda"])(
    "takes %j for no image, and writes no Dockerfile of it",
    async (name) => {
      const output = await temporaryDirectory();
      const env = { CNB_OUTPUT_DIR: output, BP_CUDA_RUN_IMAGE: name, BP_HARDWARE: "cuda" };

      expect(run("generate", await appWith(), env)).toEqual({
        ...{ status: 1, stdout: "" },
        stderr: `
[Error: The run image for CUDA has a name that no image has]

Found in BP_CUDA_RUN_IMAGE: ${name}

Needed: one image's name, of letters, digits and ._:/@-, such as registry.example.com/ml/run:cuda
`,
      });
      expect(await readdir(output)).toEqual([]);
    },
  );

  it("takes an image by its digest", async () => {
    const output = await temporaryDirectory();
    const image = `registry.example.com:5000/ml/run_cuda@sha256:${"0".repeat(64)}`;
    const env = { CNB_OUTPUT_DIR: output, BP_CUDA_RUN_IMAGE: image, BP_HARDWARE: "cuda" };

    expect(run("generate", await appWith(), env).status).toBe(0);
    expect(await readFile(join(output, "run.Dockerfile"), "utf8")).toBe(`FROM ${image}\n`);
  });

  it("says what the builder lacks", async () => {
    const output = await temporaryDirectory();
    const env = { CNB_OUTPUT_DIR: output, BP_HARDWARE: "cuda" };

    expect(run("generate", await appWith(), env)).toMatchInlineSnapshot(`
      {
        "status": 1,
        "stderr": "
      [Error: The run image for CUDA is not known]

      BP_HARDWARE asks for CUDA, for which this builder has another run image.

      Needed: the image's name in BP_CUDA_RUN_IMAGE. The builder sets it in builder.toml:

        [[build.env]]
        name = "BP_CUDA_RUN_IMAGE"
        value = "registry.example.com/ml/run:cuda"
      ",
        "stdout": "",
      }
    `);
  });
});
