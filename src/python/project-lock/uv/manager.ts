import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { exists } from "../../../cnb/files.ts";
import { parseToml } from "../../../cnb/toml.ts";
import { capture, CommandError } from "../../../kit/command.ts";
import { compilerEnv } from "../../../kit/tool-env.ts";
import { gitEnv, makeHome } from "../../git-env.ts";
import { pylockSchema } from "../../uv/pylock.ts";
import { failure } from "../failures.ts";
import type { LockManager, LockRequest } from "../manager.ts";
import { selectFromPylock } from "../pylock/select.ts";
import { explainExport } from "./explain.ts";
import { credentialsOfIndexes } from "./index-credentials.ts";
import { LOCK_FILE, RELOCK } from "./names.ts";

/** uv's projects and workspaces. `member` is the workspace member to install, in place of the root. */
export function uvManager(member: string | undefined): LockManager {
  return {
    name: "uv",
    lockFile: LOCK_FILE,
    relock: RELOCK,
    upgrade: "uv lock --upgrade",
    ...(member === undefined ? {} : { variant: member }),
    files: findFiles,
    credentials: credentialsOfIndexes,
    async select(request) {
      const text = await exportLock(request, member);
      const { packages, ...rest } = pylockSchema.parse(parseToml(text));
      // What the lock is for, and groups and extras, uv has checked and applied.
      const facts = { lockFile: LOCK_FILE, relock: RELOCK, sets: { extras: [], groups: [] } };
      return { packages: selectFromPylock({ ...rest, packages }, request, facts), notes: [] };
    },
  };
}

/**
 * The lock, and all that `uv lock --check` compares it with: the project, the members of its
 * workspace and other local packages, and uv's own configuration.
 */
async function findFiles(appDir: string): Promise<readonly string[]> {
  const lock = await readFile(join(appDir, LOCK_FILE), "utf8");
  const local = [
    ...lock.matchAll(/^source = \{ (?:editable|virtual|directory) = "([^"]+)" \}/gm),
  ].map(([, path = "."]) => join(path, "pyproject.toml"));
  const candidates = ["pyproject.toml", "uv.toml", ...local].filter(
    (path) => !path.startsWith(".."),
  );
  const found: string[] = [];
  for (const path of new Set(candidates)) {
    if (await exists(join(appDir, path))) found.push(path);
  }
  return [LOCK_FILE, ...found.sort()];
}

/**
 * A lock that fits its project needs no network: uv asks an index only where it finds that it has to
 * lock anew, or has to build a package to learn what it depends on.
 */
async function exportLock(request: LockRequest, member: string | undefined): Promise<string> {
  const { work, netrc } = request.place;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  await makeHome(homeIn(work), netrc);
  try {
    return await runExport(request, member, ["--offline"]);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const known = await explainExport(error, request, member);
    if (known !== undefined) throw known;
  }
  try {
    return await runExport(request, member, []);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const known = await explainExport(error, request, member);
    throw known ?? failure("export-failed", { output: error.output, relock: RELOCK }, error);
  }
}

/** https://docs.astral.sh/uv/concepts/projects/export/ */
async function runExport(
  { appDir, interpreter, groups, extras, place }: LockRequest,
  member: string | undefined,
  further: readonly string[],
): Promise<string> {
  const { stdout } = await capture(
    "uv",
    [
      ...["export", "--locked", "--format", "pylock.toml", "--no-header", "--no-editable"],
      ...["--no-default-groups", ...groups.flatMap((group) => ["--group", group])],
      ...extras.flatMap((extra) => ["--extra", extra]),
      ...(member === undefined ? [] : ["--package", member]),
      ...["--python", interpreter.path, "--color", "never", "--no-progress", ...further],
    ],
    {
      cwd: appDir,
      env: compilerEnv(place.env, {
        UV_CACHE_DIR: place.cache,
        UV_PYTHON_DOWNLOADS: "never",
        UV_NO_WRAP: "1",
        NETRC: place.netrc,
        ...gitEnv(place.env, homeIn(place.work)),
      }),
    },
  );
  return stdout;
}

function homeIn(work: string): string {
  return join(work, "home");
}
