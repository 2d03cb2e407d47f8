import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { detectScript } from "../../src/cnb/detect-script.ts";
import type { Detect } from "../../src/cnb/detect.ts";
import { type PhaseDirectories, phaseDirectories, phaseEnv, writeFiles } from "./phase.ts";

/** What is there when a buildpack is asked. */
export interface Given {
  readonly files?: Record<string, string | Uint8Array>;
  readonly env?: Record<string, string>;
  readonly bindings?: Record<string, string>;
}

/** Runs `bin/detect`, and gives its exit code, its output and the plan that it wrote. */
export async function runDetect(detect: Detect, given: Given = {}) {
  const directories = await phaseDirectories();
  await writeFiles(directories.app, given.files ?? {});
  for (const [name, type] of Object.entries(given.bindings ?? {})) {
    await writeFiles(join(directories.platform, "bindings", name), { type });
  }
  const script = await installScript(directories, detect);
  const env = { PATH: "/usr/bin:/bin", ...phaseEnv(directories), ...given.env };
  const { code, output } = await execute(script, directories.app, env);
  return { code, output, plan: await readFile(directories.plan, "utf8").catch(() => "") };
}

async function installScript(directories: PhaseDirectories, detect: Detect): Promise<string> {
  const bin = join(directories.buildpack, "bin");
  await mkdir(bin);
  await writeFile(join(bin, "detect"), detectScript(detect));
  await writeFile(join(bin, "build"), '#!/bin/sh\necho "$@"\n');
  await chmod(join(bin, "detect"), 0o755);
  await chmod(join(bin, "build"), 0o755);
  return join(bin, "detect");
}

async function execute(program: string, cwd: string, env: Record<string, string>) {
  try {
    const { stdout } = await promisify(execFile)(program, [], { cwd, env });
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}
