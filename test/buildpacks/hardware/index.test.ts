import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { readHardware } from "../../../src/accelerator/handover.ts";
import hardware from "../../../src/buildpacks/hardware/index.ts";
import { formatToml, parseToml } from "../../../src/cnb/toml.ts";
import { handedRequestsSchema } from "../../../src/debian/handed-requests.ts";
import { run } from "../../../src/kit/buildpack.ts";
import {
  type PhaseDirectories,
  phaseDirectories,
  phaseEnv,
  writeFiles,
} from "../../support/phase.ts";

describe("hardware.txt", () => {
  test("is told, with what it stands for, and handed on", async () => {
    const directories = await phaseDirectories();
    const text = "aws\ncuda==12.8\ngpu l4 h100 # both\ndriver>=550\ncompiler\n";
    await writeFiles(directories.app, { "hardware.txt": text });

    expect(await build(directories)).toMatchInlineSnapshot(`
      "
      [Choosing hardware]
      Found hardware.txt:
       - aws
       - cuda==12.8
       - gpu l4 h100 (compute capability 8.9 and 9.0)
       - driver>=550
       - compiler
      aws stands for cuda, and for the Debian packages libfabric1 and ibverbs-providers
      compiler stands for the Debian packages g++ and libpython3-dev
      "
    `);
    const handed = readHardware({ ML_BUILDPACKS_HARDWARE: await handedOn(directories) });
    expect(handed).toMatchObject({
      accelerator: { name: "cuda", specifier: "==12.8", assumed: false, text: "cuda==12.8" },
      gpus: [{ name: "l4" }, { name: "h100" }],
      driver: { version: "550" },
    });
    expect(await requestsOf(directories)).toEqual([
      {
        ...{ origin: { file: "hardware.txt", line: 1 }, text: "aws", whole: [] },
        packages: ["libfabric1", "ibverbs-providers"],
      },
      {
        ...{ origin: { file: "hardware.txt", line: 5 }, text: "compiler" },
        ...{ packages: ["g++", "libpython3-dev"], whole: ["libpython3-dev"] },
      },
    ]);
  });

  test("of other accelerators brings their archives, each with its key", async () => {
    const requests = [];
    for (const word of ["neuron", "coral"]) {
      const directories = await phaseDirectories();
      await writeFiles(directories.app, { "hardware.txt": word });
      await build(directories);
      requests.push(...(await requestsOf(directories)));
    }

    const archives = requests.map(({ archive }) => archive);
    expect(archives.map((archive) => [archive?.uri, archive?.suite])).toEqual([
      ["https://apt.repos.neuron.amazonaws.com", "noble"],
      ["https://packages.cloud.google.com/apt", "coral-edgetpu-stable"],
    ]);
    for (const archive of archives) expect(archive?.key).toMatch(/^-----BEGIN PGP PUBLIC KEY/);
  });

  test("gives way to BP_HARDWARE", async () => {
    const directories = await phaseDirectories();
    await writeFiles(directories.app, { "hardware.txt": "cuda\n" });

    expect(await build(directories, { BP_HARDWARE: "cpu" })).toMatchInlineSnapshot(`
      "
      [Choosing hardware]
      Skipping hardware.txt because BP_HARDWARE is set
      Found BP_HARDWARE:
       - cpu
      "
    `);
    expect(JSON.parse(await handedOn(directories))).toMatchObject({
      accelerator: { name: "cpu", origin: { file: "BP_HARDWARE" }, assumed: false },
    });
  });

  test("is told before what follows from it", async () => {
    const directories = await phaseDirectories();
    await writeFiles(directories.app, { "hardware.txt": "gpu l4\n" });

    expect(await build(directories)).toMatchInlineSnapshot(`
      "
      [Choosing hardware]
      Found hardware.txt:
       - gpu l4 (compute capability 8.9)
      Using cuda because of 'gpu l4' (hardware.txt, line 1)
      "
    `);
  });

  test("may say nothing, as if it were absent", async () => {
    const directories = await phaseDirectories();
    await writeFiles(directories.app, { "hardware.txt": "# later\n" });

    expect(await build(directories)).toMatchInlineSnapshot(`
      "
      [Choosing hardware]
      Found nothing in hardware.txt
      Using cpu because the builder is made for it
      "
    `);
    expect(JSON.parse(await handedOn(directories))).toEqual(readHardware({}));
  });

  test("stops the build where a line is wrong", async () => {
    const directories = await phaseDirectories();
    await writeFiles(directories.app, { "hardware.txt": "cpu\ncuda\n" });

    expect(await build(directories)).toMatchInlineSnapshot(`
      "
      [Choosing hardware]

      [Error: Unable to tell what hardware the image is for]

      hardware.txt, line 2: cuda
        hardware.txt asks for 'cpu' on line 1, too; keep one of the two.

      "
    `);
  });

  test("in bytes that are no text is an error, not a stack trace", async () => {
    const directories = await phaseDirectories();
    const bytes = Buffer.concat([Buffer.from("cuda\n"), Buffer.from([0xff, 0xc3, 0x28])]);
    await writeFiles(directories.app, { "hardware.txt": bytes });

    expect(await build(directories)).toMatchInlineSnapshot(`
      "
      [Choosing hardware]

      [Error: Unable to tell what hardware the image is for]

      hardware.txt, line 2: ??(
        The file is not text in UTF-8; save it as UTF-8.

      "
    `);
  });
});

describe("an app without Python", () => {
  test("keeps the CUDA version that its libraries are of", async () => {
    const directories = await phaseDirectories();
    const { app, layers } = directories;
    await writeFiles(app, { "hardware.txt": "cuda\nlibraries cublas\n" });
    const facts = { layout: 2, cuda: "12.8", libraries: ["cublas"], arch: "amd64" };
    const digest = { from: "wheel", sha256: "0".repeat(64) };
    const packages = [{ ...digest, name: "nvidia-cublas-cu12", version: "12.8.5.5" }];
    await writeFiles(layers, {
      "libraries.toml": formatToml({ metadata: { ...facts, layersDir: layers, packages } }),
    });

    expect(await build(directories, {}, { python: false })).toMatchInlineSnapshot(`
      "
      [Choosing hardware]
      Found hardware.txt:
       - cuda
       - libraries cublas
      Using CUDA 12.8, as before; hosts need a driver from 525 on
      Reusing CUDA 12.8's libraries (nvidia-cublas-cu12 12.8.5.5)
      "
    `);
  });

  test("gets the labels here, where nothing else can change them", async () => {
    const directories = await phaseDirectories();
    await writeFiles(directories.app, { "hardware.txt": "cpu\n" });

    await build(directories, {}, { python: false });

    const launch = parseToml(await readFile(join(directories.layers, "launch.toml"), "utf8"));
    expect(launch["labels"]).toEqual([{ key: "io.ml-buildpacks.accelerator", value: "cpu" }]);
  });
});

async function build(
  directories: PhaseDirectories,
  env: Record<string, string> = {},
  metadata: { readonly python: boolean } = { python: true },
): Promise<string> {
  await writeFiles(dirname(directories.plan), {
    "plan.toml": formatToml({ entries: [{ name: "hardware", metadata }] }),
  });
  let output = "";
  const write = (text: string) => {
    output += text;
  };
  const invocation = {
    argv: [],
    env: { ...phaseEnv(directories), ...env },
    cwd: directories.app,
  };
  await run(hardware, invocation, { out: write, err: write, debug: false });
  return output;
}

async function handedOn({ layers }: PhaseDirectories): Promise<string> {
  return readFile(join(layers, "handover/env.build/ML_BUILDPACKS_HARDWARE.override"), "utf8");
}

async function requestsOf({ layers }: PhaseDirectories) {
  const variable = join(layers, "handover/env.build/ML_BUILDPACKS_APT_REQUESTS.override");
  const text = await readFile(await readFile(variable, "utf8"), "utf8");
  return handedRequestsSchema.parse(JSON.parse(text));
}
