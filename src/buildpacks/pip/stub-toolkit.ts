import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeDirectory } from "../../cnb/files.ts";

/**
 * A directory that looks like CUDA's: many setup.py files want to see one, and ask its compiler for the
 * version, before they say what the package depends on. The compiler itself is only made where
 * something is compiled.
 */
export async function makeStubToolkit(directory: string, cuda: string): Promise<string> {
  const bin = join(directory, "bin");
  await makeDirectory(bin);
  const script = `#!/bin/sh
echo "nvcc: NVIDIA (R) Cuda compiler driver"
echo "Cuda compilation tools, release ${cuda}, V${cuda}.0"
`;
  await writeFile(join(bin, "nvcc"), script, { mode: 0o755 });
  return directory;
}
