import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { librariesIn } from "../accelerator/shared-libraries.ts";
import { TOOLKIT_FILE } from "../accelerator/toolkit.ts";
import type { Env } from "../cnb/env.ts";
import { exists, makeDirectory } from "../cnb/files.ts";
import { capture } from "../kit/command.ts";
import { toolEnv } from "../kit/tool-env.ts";

/**
 * Makes NVIDIA's files look as its own installer leaves them: bin, include, lib64 and nvvm below
 * one directory, which setup.py files and CMake take for CUDA_HOME.
 */
export async function settleToolkit(
  directory: string,
  versions: { readonly cuda: string; readonly nvcc: string },
  env: Env,
): Promise<void> {
  const lib = join(directory, "lib");
  await makeDirectory(lib);
  if (!existsSync(`${lib}64`)) symlinkSync("lib", `${lib}64`);
  linkLibraries(lib);
  mendHeaders(directory);
  await makeDriverStub(directory, env);
  await writeFile(join(directory, TOOLKIT_FILE), `${JSON.stringify(versions)}\n`);
}

/**
 * Moves what wheels hold into a toolkit. Those of CUDA 13 share a directory of the toolkit's form;
 * most others have one each, with `include` and `lib`. What is there already stays: it is of the
 * compiler's own version.
 */
export async function moveWheels(sitePackages: string, directory: string): Promise<void> {
  const roots = [sitePackages, join(sitePackages, "nvidia")].flatMap((parent) =>
    directoriesIn(parent).map((name) => join(parent, name)),
  );
  for (const root of roots) {
    for (const part of ["bin", "include", "lib", "nvvm"]) {
      const from = join(root, part);
      if (existsSync(from)) merge(from, join(directory, part));
    }
  }
  // Those that lie elsewhere: nvCOMP's in lib64, nvImageCodec's among its Python modules.
  for (const { path, place } of await librariesIn(sitePackages)) {
    const target = join(directory, "lib", place);
    mkdirSync(dirname(target), { recursive: true });
    if (!existsSync(target)) renameSync(join(sitePackages, path), target);
  }
}

function directoriesIn(parent: string): readonly string[] {
  if (!existsSync(parent)) return [];
  const entries = readdirSync(parent, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function merge(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) merge(source, target);
    else if (!entry.name.endsWith(".py") && !existsSync(target)) renameSync(source, target);
  }
}

/** Linkers look for libcublas.so; wheels have libcublas.so.13 alone. */
function linkLibraries(lib: string): void {
  for (const name of readdirSync(lib)) {
    const [, plain] = /^(lib.+\.so)\.\d+$/.exec(name) ?? [];
    const link = plain === undefined ? undefined : join(lib, plain);
    if (link !== undefined && lstatSync(link, { throwIfNoEntry: false }) === undefined) {
      symlinkSync(name, link);
    }
  }
}

/**
 * C23 has cospi and sinpi, and since version 2.41, which Debian 13 has, glibc declares them. CUDA's
 * headers before 13 declare them otherwise, so that nothing at all compiles.
 * https://github.com/NVIDIA/cuda-samples/issues/378
 */
function mendHeaders(directory: string): void {
  const header = join(directory, "include", "crt", "math_functions.h");
  if (!existsSync(header)) return;
  const source = readFileSync(header, "utf8");
  const mended = source.replaceAll(/\b((?:cos|sin)pif?\((?:double|float) x\));/g, "$1 __THROW;");
  if (mended === source) return;
  // A new file: this one may be a hard link into uv's cache.
  rmSync(header);
  writeFileSync(header, mended);
}

/**
 * libcuda.so belongs to the host's driver and is never in an image; to link with it, a library with
 * its name and functions is enough.
 */
async function makeDriverStub(directory: string, env: Env): Promise<void> {
  const stub = join(directory, "lib", "stubs", "libcuda.so");
  const header = join(directory, "include", "cuda.h");
  if ((await exists(stub)) || !existsSync(header)) return;
  await makeDirectory(join(directory, "lib", "stubs"));
  const text = readFileSync(header, "utf8");
  const declared = [...text.matchAll(/\bCUDAAPI\s+(cu[A-Z]\w*)\s*\(/g)];
  // cuda.h gives many functions their newest form's name: "#define cuMemAlloc cuMemAlloc_v2".
  const renamed = [...text.matchAll(/^\s*#\s*define\s+cu[A-Z]\w*\s+(cu[A-Z]\w*)\s*$/gm)];
  const names = [...new Set([...declared, ...renamed].map(([, name = ""]) => name))].sort();
  const source = join(directory, "lib", "stubs", "libcuda.c");
  await writeFile(source, names.map((name) => `void ${name}(void) {}\n`).join(""));
  await capture(
    "gcc",
    ["-shared", "-fPIC", "-nostdlib", "-Wl,-soname,libcuda.so.1", "-o", stub, source],
    { env: toolEnv(env) },
  );
  await rm(source);
}
