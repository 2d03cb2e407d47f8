import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import type { Installed } from "../../../src/python/environment/installed.ts";
import { findMissingLibraries } from "../../../src/python/environment/system-libraries.ts";
import type { Interpreter } from "../../../src/python/interpreter.ts";
import { DT_NEEDED, elfStub } from "../../../src/kit/elf-stub.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const INTERPRETER = { path: "", version: "3.13.5", minor: "3.13", recreate: undefined };

it("names libraries that neither a wheel nor the run image brings, and who needs them", async () => {
  const missing = await missingOf({
    "cv2/cv2.abi3.so": ["libGL.so.1", "libgomp.so.1", "libc.so.6", "libown.so"],
    "qt/core.so": ["libGL.so.1", "libxcb.so.1"],
    "qt/libs/libxcb.so.1": [],
    "kernel/kernel.so": ["libcublasLt.so.13", "libcuda.so.1"],
  });

  expect(missing).toEqual([
    { soname: "libGL.so.1", owner: { package: "libgl1" }, neededBy: ["cv2", "qt"] },
    { soname: "libcublasLt.so.13", owner: { library: "cublas" }, neededBy: ["kernel"] },
  ]);
});

it("asks for none of the system where the interpreter's own prefix has it", async () => {
  const prefix = await temporaryDirectory();
  await mkdir(join(prefix, "lib"));
  // A heavy library's layer need not be there.
  await symlink("/nowhere/libGL.so.1", join(prefix, "lib", "libGL.so.1"));
  const interpreter = { ...INTERPRETER, path: join(prefix, "bin", "python3.13") };
  const needed = { "cv2/cv2.so": ["libGL.so.1", "libSM.so.6"] };

  const [of, without] = await Promise.all([
    missingOf(needed, { ...interpreter, hasPackages: true }),
    missingOf(needed, interpreter),
  ]);

  expect(of.map(({ soname }) => soname)).toEqual(["libSM.so.6"]);
  expect(without.map(({ soname }) => soname)).toEqual(["libGL.so.1", "libSM.so.6"]);
});

async function missingOf(
  libraries: { readonly [path: string]: readonly string[] },
  interpreter: Interpreter = INTERPRETER,
) {
  const venv = await temporaryDirectory();
  const installed = new Map<string, Installed>();
  for (const [path, needed] of Object.entries(libraries)) {
    const file = elfStub(needed.map((soname) => [DT_NEEDED, soname]));
    const target = join(venv, "lib/python3.13/site-packages", path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, file);
    const name = path.slice(0, path.indexOf("/"));
    const record = [...(installed.get(name)?.record ?? []), { path, hash: "", size: 1 }];
    installed.set(name, { name, infoDirectory: "", record });
  }
  const system = new Set(["libgomp1"]);
  return findMissingLibraries(installed, venv, interpreter, system);
}
