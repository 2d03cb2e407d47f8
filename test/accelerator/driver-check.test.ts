import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { makeDriverCheck } from "../../src/accelerator/driver-check.ts";
import script from "../../src/accelerator/driver-check.sh";
import { formatToml, parseToml, type TomlTable } from "../../src/cnb/toml.ts";
import { type BuildContext, run } from "../../src/kit/buildpack.ts";
import { capture, CommandError } from "../../src/kit/command.ts";
import { type PhaseDirectories, phaseDirectories, phaseEnv } from "../support/phase.ts";
import { temporaryDirectory } from "../support/temporary.ts";

// As hosts give them: https://github.com/nix-community/nixGL/issues/121 and 139 among them.
const VERSIONS = {
  "535 of NVIDIA's own module":
    "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.129.03  Thu Oct 19 18:56:32 UTC 2023\nGCC version:  gcc version 12.3.0 (Ubuntu 12.3.0-1ubuntu1~22.04)\n",
  "580 of the open module":
    "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build  (dvs-builder@U22-I3-AE18-23-3)  Sun Jul 27 06:54:38 UTC 2025\nGCC version:  gcc version 12.3.0 (Ubuntu 12.3.0-1ubuntu1~22.04.2)\n",
  "525 of the open module, built by a distribution":
    "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  525.60.11  Release Build  (archlinux-builder@localhost)  \nGCC version:  gcc version 12.2.0 (GCC) \n",
  "550 of a Grace Hopper":
    "NVRM version: NVIDIA UNIX Open Kernel Module for aarch64  550.90.07  Release Build  (dvs-builder@U16-I3-C18-2-3)  Fri May 31 09:43:03 UTC 2024\n",
  "470 of NVIDIA's own module":
    "NVRM version: NVIDIA UNIX x86_64 Kernel Module  470.256.02  Thu May  2 14:37:44 UTC 2024\nGCC version:  gcc version 10.2.1 20210110 (Debian 10.2.1-6) \n",
  "390 of NVIDIA's own module":
    "NVRM version: NVIDIA UNIX x86_64 Kernel Module  390.157  Wed Oct 12 09:19:07 UTC 2022\n",
  "a Jetson with JetPack 5":
    "NVRM version: NVIDIA UNIX Open Kernel Module for aarch64  35.3.1  Release Build  (buildbrain@mobile-u64-6289-d7000)  Sun Mar 19 08:09:33 PDT 2023\nGCC version:  gcc version 9.3.0 (Buildroot 2020.08) \n",
  "a Jetson with JetPack 6":
    "NVRM version: NVIDIA UNIX Open Kernel Module for aarch64  540.4.0  Release Build  (buildbrain@mobile-u64-6519-d7000)  Wed Oct 30 11:00:00 PDT 2024\n",
  "a text of another form": "something else 1.2\n",
  "an empty text": "",
} as const;

const CUDA_12 = { cuda: "12.8", driver: "525" };
const CUDA_13 = { cuda: "13.0", driver: "580" };

describe("the driver check says nothing", () => {
  it.each<[keyof typeof VERSIONS, { cuda: string; driver: string }]>([
    ["535 of NVIDIA's own module", CUDA_12],
    ["525 of the open module, built by a distribution", CUDA_12],
    ["580 of the open module", CUDA_12],
    ["580 of the open module", CUDA_13],
    ["580 of the open module", { cuda: "13.0", driver: "580.65.06" }],
    ["550 of a Grace Hopper", CUDA_12],
    ["a Jetson with JetPack 5", CUDA_12],
    ["a Jetson with JetPack 6", CUDA_12],
    ["a text of another form", CUDA_13],
    ["an empty text", CUDA_13],
  ])("with %s, for %o", async (text, needs) => {
    const container = { version: VERSIONS[text], devices: ["nvidiactl"], needs };

    expect(await start(container)).toEqual({ exitCode: 0, stderr: "" });
  });

  it.each([["dxg"], ["nvidiactl"], ["nvmap"]])(
    "in a container without the text, but with /dev/%s",
    async (device) => {
      const container = { devices: [device], needs: CUDA_13 };

      expect(await start(container)).toEqual({ exitCode: 0, stderr: "" });
    },
  );

  it.each(["off", "OFF", "Off"])("when DRIVER_CHECK is %s", async (mode) => {
    const old = VERSIONS["470 of NVIDIA's own module"];
    const container = { version: old, devices: ["nvidiactl"], needs: CUDA_13, mode };

    expect(await start(container)).toEqual({ exitCode: 0, stderr: "" });
  });
});

describe("a driver that is too old", () => {
  it("is named with what the image needs, and what can be done", async () => {
    const old = VERSIONS["535 of NVIDIA's own module"];

    const { exitCode, stderr } = await start({
      ...{ version: old, devices: ["nvidiactl"], needs: CUDA_13 },
    });

    expect(exitCode).toBe(0);
    expect(stderr).toMatchInlineSnapshot(
      `
      "driver-check: the host's NVIDIA driver is too old for this image: found 535.129.03, and CUDA 13.0 needs 580 or newer. Install a newer driver on the host, or build the image with 'cuda==12.*' in hardware.txt, the newest that this driver runs. The app goes on without a GPU. DRIVER_CHECK=off hides this message.
      "
    `,
    );
  });

  it("is told the newest CUDA that it runs, of several", async () => {
    const old = VERSIONS["470 of NVIDIA's own module"];

    const { stderr } = await start({ version: old, devices: ["nvidiactl"], needs: CUDA_13 });

    expect(stderr).toMatchInlineSnapshot(
      `
      "driver-check: the host's NVIDIA driver is too old for this image: found 470.256.02, and CUDA 13.0 needs 580 or newer. Install a newer driver on the host, or build the image with 'cuda==11.*' in hardware.txt, the newest that this driver runs. The app goes on without a GPU. DRIVER_CHECK=off hides this message.
      "
    `,
    );
  });

  it("is told no CUDA where it runs none", async () => {
    const old = VERSIONS["390 of NVIDIA's own module"];

    const { stderr } = await start({ version: old, devices: ["nvidiactl"], needs: CUDA_12 });

    expect(stderr).toMatchInlineSnapshot(
      `
      "driver-check: the host's NVIDIA driver is too old for this image: found 390.157, and CUDA 12.8 needs 525 or newer. Install a newer driver on the host. The app goes on without a GPU. DRIVER_CHECK=off hides this message.
      "
    `,
    );
  });

  it.each<[string, string]>([
    ["535.129.03", "535.129.4"],
    ["535.129.03", "535.130"],
    ["525.60.11", "525.60.11.1"],
    ["99999.9", "100000"],
  ])("is compared number by number: %s with %s", async (found, driver) => {
    const version = `NVRM version: NVIDIA UNIX x86_64 Kernel Module  ${found}  Thu\n`;

    const { stderr } = await start({
      ...{ version, devices: ["nvidiactl"], needs: { cuda: "13.0", driver } },
    });

    expect(stderr).toContain(`found ${found}, and CUDA 13.0`);
    expect(stderr).toContain(` needs ${driver} or newer`);
  });

  it("is compared with what the GPUs need where that is more", async () => {
    const version = VERSIONS["535 of NVIDIA's own module"];
    const needs = { cuda: "12.8", driver: "570" };

    const { stderr } = await start({ version, devices: ["nvidiactl"], needs });

    expect(stderr).toMatchInlineSnapshot(`
      "driver-check: the host's NVIDIA driver is too old for this image: found 535.129.03, and CUDA 12.8 on the GPUs that it is made for needs 570 or newer. Install a newer driver on the host. The app goes on without a GPU. DRIVER_CHECK=off hides this message.
      "
    `);
  });

  it("stops the app where that is asked for", async () => {
    const old = VERSIONS["535 of NVIDIA's own module"];

    const { exitCode, stderr } = await start({
      ...{ version: old, devices: ["nvidiactl"], needs: CUDA_13, mode: "fail" },
    });

    expect(exitCode).toBe(1);
    expect(stderr).toMatchInlineSnapshot(
      `
      "driver-check: the host's NVIDIA driver is too old for this image: found 535.129.03, and CUDA 13.0 needs 580 or newer. Install a newer driver on the host, or build the image with 'cuda==12.*' in hardware.txt, the newest that this driver runs. The app is not started (DRIVER_CHECK=fail).
      "
    `,
    );
  });
});

describe("a container without a GPU", () => {
  it("is told how to get one", async () => {
    const { exitCode, stderr } = await start({ needs: CUDA_12 });

    expect(exitCode).toBe(0);
    expect(stderr).toMatchInlineSnapshot(
      `
      "driver-check: this image is made for NVIDIA GPUs (CUDA 12.8), and the container has none: there is no NVIDIA driver in it. Start it with 'docker run --gpus all', or 'nvidia.com/gpu: 1' under resources.limits in Kubernetes, on a host with an NVIDIA driver (525 or newer) and NVIDIA's container toolkit. The app goes on without a GPU. DRIVER_CHECK=off hides this message.
      "
    `,
    );
  });

  it("is told that only the container lacks it, where the host has a driver", async () => {
    const { exitCode, stderr } = await start({
      ...{ version: VERSIONS["580 of the open module"], needs: CUDA_12 },
    });

    expect(exitCode).toBe(0);
    expect(stderr).toMatchInlineSnapshot(
      `
      "driver-check: this image is made for NVIDIA GPUs (CUDA 12.8), and the container has none: the host has the NVIDIA driver 580.65.06, but gives it no GPU. Start it with 'docker run --gpus all', or 'nvidia.com/gpu: 1' under resources.limits in Kubernetes, on a host with an NVIDIA driver (525 or newer) and NVIDIA's container toolkit. The app goes on without a GPU. DRIVER_CHECK=off hides this message.
      "
    `,
    );
  });

  it("does not start where that is asked for", async () => {
    const { exitCode, stderr } = await start({ needs: CUDA_12, mode: "Fail" });

    expect(exitCode).toBe(1);
    expect(stderr).toMatchInlineSnapshot(
      `
      "driver-check: this image is made for NVIDIA GPUs (CUDA 12.8), and the container has none: there is no NVIDIA driver in it. Start it with 'docker run --gpus all', or 'nvidia.com/gpu: 1' under resources.limits in Kubernetes, on a host with an NVIDIA driver (525 or newer) and NVIDIA's container toolkit. The app is not started (DRIVER_CHECK=fail).
      "
    `,
    );
  });
});

it("names the values of DRIVER_CHECK where it has another", async () => {
  const { exitCode, stderr } = await start({
    version: VERSIONS["580 of the open module"],
    ...{ devices: ["nvidiactl"], needs: CUDA_12, mode: "strict" },
  });

  expect(exitCode).toBe(0);
  expect(stderr).toMatchInlineSnapshot(
    `
    "driver-check: DRIVER_CHECK=strict is not understood: it can be warn, fail or off. It counts as warn, as the image was built.
    "
  `,
  );
});

test.each([
  ["fail", 1],
  ["warn", 0],
  ["off", 0],
])(
  "a mode that is not understood, or empty, counts as %s where the build said that",
  async (built, code) => {
    const version = VERSIONS["470 of NVIDIA's own module"];
    const container = { version, devices: ["nvidiactl"], needs: CUDA_13, built };

    const strange = await start({ ...container, mode: "nonsense" });
    const empty = await start({ ...container, mode: "" });

    expect([strange.exitCode, empty.exitCode]).toEqual([code, code]);
    expect(strange.stderr).toContain(
      `DRIVER_CHECK=nonsense is not understood: it can be warn, fail or off. It counts as ${built}, as the image was built.`,
    );
    expect(empty.stderr === "").toBe(built === "off");
  },
);

describe("the layer of the driver check", () => {
  it("is launch-only, and kept while the image needs the same", async () => {
    const directories = await phaseDirectories();

    expect(await make(directories, CUDA_12)).toBe("");

    const layer = join(directories.layers, "driver-check");
    expect(parseToml(await readFile(`${layer}.toml`, "utf8"))["types"]).toEqual({
      ...{ launch: true, build: false, cache: false },
    });
    expect((await stat(join(layer, "exec.d", "driver-check"))).mode & 0o777).toBe(0o755);
    const mode = join(layer, "env.launch", "DRIVER_CHECK.default");
    expect(await readFile(mode, "utf8")).toBe("warn");

    await restore(layer);
    expect(await make(directories, CUDA_12)).toBe("");
    await expect(stat(layer)).rejects.toThrow("ENOENT");

    await restore(layer);
    await make(directories, CUDA_13);
    expect(await readFile(join(layer, "cuda-drivers"), "utf8")).toBe(
      "13.0 580\n12.* 525\n11.* 450\n",
    );

    await restore(layer);
    await make(directories, { cuda: "12.8", driver: "570" });
    expect(await readFile(join(layer, "cuda-drivers"), "utf8")).toBe("12.8 570 gpu\n11.* 570\n");

    await restore(layer);
    await make(directories, CUDA_13, { BP_DRIVER_CHECK: "fail" });
    expect(await readFile(mode, "utf8")).toBe("fail");
  });
});

interface Container {
  readonly needs: { readonly cuda: string; readonly driver: string };
  /** Of /proc/driver/nvidia/version; absent where the container has no such file. */
  readonly version?: string;
  /** Names in /dev. */
  readonly devices?: readonly string[];
  readonly mode?: string;
  /** BP_DRIVER_CHECK. */
  readonly built?: string;
}

/** Starts the layer's program as the launcher does, with the paths moved to a made-up container. */
async function start({ needs, version, devices = [], mode, built = "warn" }: Container) {
  const root = await temporaryDirectory();
  const directories = await phaseDirectories();
  await make(directories, needs, { BP_DRIVER_CHECK: built });
  if (version !== undefined) await write(join(root, "proc/driver/nvidia/version"), version);
  for (const device of devices) await write(join(root, "dev", device), "");
  const program = join(directories.layers, "driver-check", "exec.d", "driver-check");
  await writeFile(program, script.replaceAll(/\/(dev|proc)\/(?=\$|driver)/g, `${root}/$1/`));
  const env = { PATH: process.env["PATH"], ...(mode === undefined ? {} : { DRIVER_CHECK: mode }) };
  try {
    // What it writes to file descriptor 3 would be variables of the app.
    const { stdout, stderr } = await capture("sh", ["-c", 'exec 3>&1; exec "$0"', program], {
      env,
    });
    expect(stdout).toBe("");
    return { exitCode: 0, stderr };
  } catch (error) {
    if (!(error instanceof CommandError) || error.ended.kind !== "exit") throw error;
    return { exitCode: error.ended.code, stderr: error.output };
  }
}

async function make(
  directories: PhaseDirectories,
  needs: Container["needs"],
  env: Record<string, string> = {},
): Promise<string> {
  await write(directories.plan, "");
  let log = "";
  const say = (text: string) => (log += text);
  const exitCode = await run(
    {
      detect: { cases: [], otherwise: "" },
      async build(context: BuildContext) {
        await makeDriverCheck(context, needs);
        return {};
      },
    },
    { argv: [], env: { ...phaseEnv(directories), ...env }, cwd: directories.app },
    { out: say, err: say, debug: false },
  );
  expect(exitCode).toBe(0);
  return log;
}

/** What the lifecycle gives back of a launch-only layer. */
async function restore(layer: string): Promise<void> {
  const { metadata } = parseToml(await readFile(`${layer}.toml`, "utf8"));
  await rm(layer, { recursive: true, force: true });
  await writeFile(`${layer}.toml`, formatToml({ metadata: metadata as TomlTable }));
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
