import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Env } from "../../cnb/env.ts";
import { formatToml, parseToml } from "../../cnb/toml.ts";
import { capture } from "../../kit/command.ts";
import { compilerEnv } from "../../kit/tool-env.ts";
import type { Interpreter } from "../interpreter.ts";
import type { Lock } from "../lock.ts";
import { type Pylock, pylockSchema } from "./pylock.ts";

export interface Resolution {
  /** Texts of requirements files, see `uv-input.ts`. */
  readonly requirements: string;
  readonly constraints: string;
  /** See `uv-input.ts`; without credentials. */
  readonly indexArguments: readonly string[];
  readonly pre: boolean;
  /** Versions that are kept where the requirements allow it. */
  readonly preferences: Lock;
  /** "name:KEY=VALUE" for builds of metadata. */
  readonly configSettings: readonly string[];
}

export interface UvPlace {
  readonly interpreter: Interpreter;
  /** The buildpack's environment, of which uv sees only what it needs. */
  readonly env: Env;
  readonly cache: string;
  /** A directory for drafts. */
  readonly work: string;
  readonly netrc: string | undefined;
}

export interface Resolved {
  readonly pylock: Pylock;
  /** What paths in it are relative to. */
  readonly directory: string;
  /** uv's remarks: yanked versions, extras that do not exist. */
  readonly remarks: string;
}

/** Resolves with `uv pip compile`. Throws a CommandError with uv's own words. */
export async function resolveWithUv(resolution: Resolution, place: UvPlace): Promise<Resolved> {
  const { work, interpreter } = place;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const output = join(work, "pylock.toml");
  await writeFile(join(work, "requirements.in"), resolution.requirements);
  await writeFile(join(work, "constraints.in"), resolution.constraints);
  // uv keeps the versions that the output file has before it is written.
  // https://docs.astral.sh/uv/pip/compile/#upgrading-requirements
  if (resolution.preferences.length > 0) {
    await writeFile(output, preferencesText(resolution.preferences));
  }
  const { stderr } = await capture(
    "uv",
    [
      ...["pip", "compile", "requirements.in", "--constraints", "constraints.in"],
      ...["--format", "pylock.toml", "--output-file", "pylock.toml", "--python", interpreter.path],
      ...["--no-header", "--no-annotate", "--color", "never", "--no-progress"],
      ...resolution.indexArguments,
      ...(resolution.pre ? ["--prerelease", "allow"] : []),
      ...resolution.configSettings.flatMap((setting) => ["--config-settings-package", setting]),
    ],
    { env: uvEnv(place), cwd: work },
  );
  const pylock = pylockSchema.parse(parseToml(await readFile(output, "utf8")));
  return { pylock, directory: work, remarks: stderr };
}

export function uvEnv({ env, cache, netrc }: Pick<UvPlace, "env" | "cache" | "netrc">): Env {
  return compilerEnv(env, {
    UV_CACHE_DIR: cache,
    UV_NO_CONFIG: "1",
    UV_PYTHON_DOWNLOADS: "never",
    UV_NO_WRAP: "1",
    ...(netrc === undefined ? {} : { NETRC: netrc }),
  });
}

function preferencesText(lock: Lock): string {
  const packages = lock.flatMap(({ name, version }) => (version === undefined ? [] : [{ name, version }]));
  return formatToml({ "lock-version": "1.0", "created-by": "ml-buildpacks", packages });
}
