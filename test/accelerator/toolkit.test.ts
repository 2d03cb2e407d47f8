import { join } from "node:path";
import { chmod } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ensureToolkit, toolkitFact } from "../../src/accelerator/toolkit.ts";
import { ExitCode } from "../../src/cnb/exit-code.ts";
import { Failure, renderMessage } from "../../src/kit/failure.ts";
import { createLog } from "../../src/kit/log.ts";
import { writeFiles } from "../support/phase.ts";
import { temporaryDirectory } from "../support/temporary.ts";

describe("CUDA's compiler", () => {
  it("is nothing where the hardware has no CUDA", async () => {
    expect((await ensure({})).toolkit).toBeUndefined();
  });

  it("is not made again where it is", async () => {
    const env = await machine({ compilers: { "g++": 14 }, limit: 15 });

    const { toolkit, output } = await ensure(env);

    const directory = env["ML_BUILDPACKS_TOOLKIT"] ?? "";
    expect(toolkit).toEqual({
      ...{ cuda: "13.0", nvcc: "13.0.88", bin: join(directory, "bin") },
      variables: {
        CUDA_HOME: directory,
        CUDA_PATH: directory,
        LIBRARY_PATH: join(directory, "lib64", "stubs"),
        NVCC_PREPEND_FLAGS: "-objtemp",
      },
    });
    expect(output).toBe("");
  });

  it("is made by its owner's command where it is absent", async () => {
    const { ML_BUILDPACKS_TOOLKIT: made = "", ...env } = await machine({ compilers: {} });
    const directory = join(await temporaryDirectory(), "toolkit");

    const { toolkit, output } = await ensure({
      ...{ ...env, PATH: process.env["PATH"] },
      ML_BUILDPACKS_TOOLKIT: directory,
      ML_BUILDPACKS_RECREATE_TOOLKIT: `echo Installing && cp -R '${made}' '${directory}'`,
    });

    expect(toolkit?.cuda).toBe("13.0");
    expect(output).toBe("  Installing\n");
  });

  it("that can't be made is told with what it is needed for", async () => {
    const { PATH } = process.env;
    const env = { PATH, ML_BUILDPACKS_TOOLKIT: "/nowhere/toolkit" };

    const failed = ensure({
      ...env,
      ML_BUILDPACKS_RECREATE_TOOLKIT: `exit ${ExitCode.environment}`,
    });

    await expect(failed.catch(messageOf)).resolves.toMatchInlineSnapshot(`
      "[Error: CUDA's compiler could not be installed]

      Found: the command that puts CUDA's compiler back ended with exit code 2. The lines above say why.

      Packages that are built from source for GPUs need it. It is not in the image, and not kept
      between builds.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  it("keeps the paths and flags that were set before", async () => {
    const env = await machine({ compilers: { "g++": 14 }, limit: 14 });

    const { toolkit } = await ensure({
      ...{ ...env, LIBRARY_PATH: "/layers/one/lib", NVCC_PREPEND_FLAGS: "-lineinfo" },
    });

    const stubs = join(env["ML_BUILDPACKS_TOOLKIT"] ?? "", "lib64", "stubs");
    expect(toolkit?.variables["LIBRARY_PATH"]).toBe(`/layers/one/lib:${stubs}`);
    expect(toolkit?.variables["NVCC_PREPEND_FLAGS"]).toBe("-objtemp -lineinfo");
  });
});

it.each([
  ["12.8", "12.8.1"],
  ["13.0", "13.0.3"],
  // Newer than what is known.
  ["13.99", "13.99"],
  ["14.0", "14.0"],
])("what is built against CUDA %s's compiler is known without it", (cuda, expected) => {
  expect(toolkitFact(cuda)).toBe(expected);
});

describe("a g++ that is newer than CUDA's compiler knows", () => {
  it("is replaced by the newest that it knows", async () => {
    const compilers = { "g++": 14, "g++-12": 12, "gcc-12": 12, "g++-13": 13, "gcc-13": 13 };
    const env = await machine({ compilers, limit: 13 });

    const { toolkit, output } = await ensure(env);

    expect(toolkit?.variables).toMatchObject({ CC: "gcc-13", CXX: "g++-13" });
    expect(toolkit?.variables["NVCC_PREPEND_FLAGS"]).toBe("-objtemp -ccbin g++-13");
    expect(output).toMatchInlineSnapshot(`
      "Using g++-13 for CUDA 13.0, which knows none that is newer than 13
      "
    `);
  });

  it("is told with how to get one, where there is no other", async () => {
    const env = await machine({ compilers: { "g++": 14, "g++-15": 15, "gcc-15": 15 }, limit: 13 });

    await expect(ensure(env).catch(messageOf)).resolves.toMatchInlineSnapshot(`
      "[Error: CUDA 13.0 is too old for the compiler of the build]

      Found: g++ 14, and a package that is to be built from source for CUDA 13.0, whose compiler knows g++ up to version 13.
      Needed: a line 'g++-13' in apt.txt, or a newer CUDA in hardware.txt, such as 'cuda==12.8'."
    `);
  });

  it("is told to take a newer CUDA, where Debian has none that is old enough", async () => {
    const env = await machine({ compilers: { "g++": 14 }, limit: 11 });

    await expect(ensure(env).catch(messageOf)).resolves.toMatchInlineSnapshot(`
      "[Error: CUDA 13.0 is too old for the compiler of the build]

      Found: g++ 14, and a package that is to be built from source for CUDA 13.0, whose compiler knows g++ up to version 11.
      Needed: a newer CUDA in hardware.txt, such as 'cuda==12.8'."
    `);
  });

  it.each(["CC", "CXX", "NVCC_CCBIN"])("stays where the user chooses one by %s", async (name) => {
    const env = await machine({ compilers: { "g++": 14 }, limit: 13 });

    const { toolkit, output } = await ensure({ ...env, [name]: "clang++" });

    expect(toolkit?.variables["NVCC_PREPEND_FLAGS"]).toBe("-objtemp");
    expect(output).toBe("");
  });
});

/** A toolkit, and compilers that only know their version. */
async function machine({
  compilers,
  limit = 15,
}: {
  readonly compilers: Readonly<Record<string, number>>;
  readonly limit?: number;
}): Promise<Record<string, string>> {
  const root = await temporaryDirectory();
  const programs = Object.entries(compilers).map(
    ([name, version]) => [`bin/${name}`, `#!/bin/sh\necho ${version}\n`] as const,
  );
  await writeFiles(root, {
    ...Object.fromEntries(programs),
    "toolkit/toolkit.json": '{"cuda":"13.0","nvcc":"13.0.88"}\n',
    "toolkit/include/crt/host_config.h": `#if __GNUC__ > ${limit}\n#error\n#endif\n`,
  });
  for (const [path] of programs) await chmod(join(root, path), 0o755);
  return {
    // Not the machine's own: they would be found, too.
    PATH: join(root, "bin"),
    ML_BUILDPACKS_TOOLKIT: join(root, "toolkit"),
    ML_BUILDPACKS_RECREATE_TOOLKIT: "echo made again; exit 1",
  };
}

async function ensure(env: Readonly<Record<string, string | undefined>>) {
  let output = "";
  const say = (text: string) => (output += text);
  const toolkit = await ensureToolkit(env, createLog({ out: say, err: say, debug: false }));
  return { toolkit, output };
}

function messageOf(error: unknown): string {
  if (error instanceof Failure) return renderMessage(error.userMessage);
  throw error;
}
