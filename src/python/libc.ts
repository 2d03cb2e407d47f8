import type { Env } from "../cnb/env.ts";
import { capture, CommandError } from "../kit/command.ts";
import { toolEnv } from "../kit/tool-env.ts";

/** The GNU C library's version, which decides over manylinux wheels; nothing where it is unknown. */
export async function readLibc(env: Env): Promise<{ readonly glibc?: readonly [number, number] }> {
  try {
    const { stdout } = await capture("getconf", ["GNU_LIBC_VERSION"], { env: toolEnv(env) });
    const [, major, minor] = /^glibc (\d+)\.(\d+)/.exec(stdout) ?? [];
    return major === undefined ? {} : { glibc: [Number(major), Number(minor)] };
  } catch (error) {
    if (error instanceof CommandError) return {};
    throw error;
  }
}
