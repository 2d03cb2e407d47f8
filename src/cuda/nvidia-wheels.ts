import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PhaseContext } from "../cnb/buildpack.ts";
import { type Env, readVariable } from "../cnb/env.ts";
import { makeDirectory } from "../cnb/files.ts";
import { capture, CommandError } from "../kit/command.ts";
import { mergeCredentials, secretsOf } from "../kit/credentials.ts";
import type { Log } from "../kit/log.ts";
import { netrcText } from "../kit/netrc.ts";
import { toolEnv } from "../kit/tool-env.ts";
import { installWithUv } from "../python/environment/install.ts";
import { sitePackagesIn } from "../python/environment/paths.ts";
import { makeVenv } from "../python/environment/venv.ts";
import { HANDOVER } from "../python/handover.ts";
import type { Interpreter } from "../python/interpreter.ts";
import { type Lock, lockFileSchema } from "../python/lock.ts";
import { readIndexSettings } from "../python/requirements/index-settings.ts";
import { uvIndexArguments } from "../python/requirements/uv-input.ts";
import { narrowLock } from "../python/uv/narrow-lock.ts";
import { resolveWithUv } from "../python/uv/resolve.ts";
import { failure, wheelsFailure } from "./nvidia-wheels-failures.ts";

interface WheelsContext extends Pick<PhaseContext, "appDir" | "env" | "readBindings" | "target"> {
  readonly log: Log;
}

interface WheelsOptions {
  readonly context: WheelsContext;
  /** A directory for drafts and, where no other buildpack has a cache, for uv's. */
  readonly workDir: string;
  /** What they are for, in messages: "CUDA's libraries". */
  readonly what: string;
}

/** Where NVIDIA's wheels come from. What can't be had is thrown as a failure. */
export interface WheelSource {
  /**
   * The wheels that requirements come down to for this platform, with the versions of an earlier
   * lock where they fit.
   */
  resolve(requirements: readonly string[], earlier?: Lock): Promise<Lock>;
  /** Unpacks the wheels, each checked against its digest; gives the directory that has `nvidia`. */
  unpack(lock: Lock): Promise<string>;
}

/** With the indexes and the cache of the app's own packages, where there are some. */
export async function openWheelSource(options: WheelsOptions): Promise<WheelSource> {
  const place = {
    ...options,
    interpreter: await findInterpreter(options.context.env),
    access: await readAccess(options),
  };
  return {
    resolve: (requirements, earlier = []) => resolve(requirements, earlier, place),
    unpack: (lock) => unpack(lock, place),
  };
}

interface WheelsPlace extends WheelsOptions {
  readonly interpreter: Interpreter;
  readonly access: Access;
}

async function resolve(
  requirements: readonly string[],
  earlier: Lock,
  { context, workDir, what, interpreter, access }: WheelsPlace,
): Promise<Lock> {
  if (requirements.length === 0) return [];
  const { appDir, env, target } = context;
  const { uvArguments, uvCache: cache, netrc } = access;
  try {
    const { pylock, directory } = await resolveWithUv(
      {
        requirements: requirements.map((line) => `${line}\n`).join(""),
        constraints: "",
        arguments: [...uvArguments, "--only-binary", ":all:"],
        preferences: { lock: earlier, requested: {} },
      },
      { interpreter, env, cache, work: join(workDir, "resolution"), netrc },
    );
    const { lock, unfit } = narrowLock(pylock.packages, {
      target: { pythonMinor: interpreter.minor, arch: target.arch },
      appDir,
      lockDir: directory,
      allows: () => ({ wheel: true, sdist: false }),
      hashesFor: () => [],
      indexOf: () => undefined,
    });
    const [first] = unfit;
    if (first !== undefined) {
      const { name, version = "" } = first;
      throw failure("no-wheel", { what, name, version, arch: target.arch });
    }
    return lock;
  } catch (error) {
    if (error instanceof CommandError) throw wheelsFailure(error, what, requirements);
    throw error;
  }
}

async function unpack(
  lock: Lock,
  { context, workDir, what, interpreter, access }: WheelsPlace,
): Promise<string> {
  const { appDir, env, log } = context;
  const venv = join(workDir, "wheels");
  await makeVenv(venv, interpreter);
  const wanted = lock.map((distribution) => ({ distribution, wheel: undefined }));
  try {
    if (wanted.length > 0) await installWithUv(wanted, { venv, appDir, env, log, ...access });
  } catch (error) {
    if (error instanceof CommandError) throw wheelsFailure(error, what, []);
    throw error;
  }
  return join(venv, sitePackagesIn(interpreter));
}

/** The build image's own: NVIDIA's wheels hold nothing of Python's. */
async function findInterpreter(env: Env): Promise<Interpreter> {
  const program = "import sys; print(sys.executable, '.'.join(map(str, sys.version_info[:3])))";
  const { stdout } = await capture("python3", ["-I", "-c", program], { env: toolEnv(env) });
  const [path = "", version = ""] = stdout.trim().split(" ");
  const minor = version.split(".").slice(0, 2).join(".");
  return { path, version, minor, recreate: undefined };
}

interface Access {
  readonly uvArguments: readonly string[];
  readonly uvCache: string;
  readonly netrc: string | undefined;
}

async function readAccess({ context, workDir }: WheelsOptions): Promise<Access> {
  const { env, appDir, log } = context;
  const uvCache = readVariable(env, HANDOVER.uvCache) ?? join(workDir, "uv-cache");
  const lockFile = await readLockFile(env);
  if (lockFile !== undefined) {
    const { uvArguments } = lockFile;
    return { uvArguments, uvCache, netrc: readVariable(env, HANDOVER.netrc) };
  }
  const bindings = await context.readBindings();
  const { options, credentials, used, notes, problems } = await readIndexSettings({
    ...{ appDir, env, bindings },
  });
  if (problems.length > 0) throw failure("index-settings-invalid", { problems });
  for (const secret of credentials.flatMap(secretsOf)) log.hide(secret);
  for (const line of [...used.map((one) => one.line), ...notes]) log.step(line);
  const uvArguments = uvIndexArguments(options, appDir, "first-index");
  if (credentials.length === 0) return { uvArguments, uvCache, netrc: undefined };
  const netrc = join(workDir, "netrc");
  await makeDirectory(workDir);
  await writeFile(netrc, netrcText(mergeCredentials(credentials).kept), { mode: 0o600 });
  return { uvArguments, uvCache, netrc };
}

/** What the app's packages are installed from; undefined where nobody has handed a lock over. */
export async function readLockFile(env: Env) {
  const path = readVariable(env, HANDOVER.lock);
  if (path === undefined) return undefined;
  return lockFileSchema.parse(JSON.parse(await readFile(path, "utf8")));
}
