import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Env } from "../../../cnb/env.ts";
import { capture, CommandError } from "../../../kit/command.ts";
import { compilerEnv } from "../../../kit/tool-env.ts";
import { gitEnv, makeHome } from "../../git-env.ts";
import { PYPI } from "../../uv/index-config.ts";
import { failure } from "../failures.ts";
import type { LockRequest } from "../manager.ts";
import { EMPTY } from "../read-document.ts";
import { explainExport } from "./explain.ts";
import { registriesIn } from "./lock-text.ts";
import { LOCK_FILE, RELOCK } from "./names.ts";

/**
 * The lock as pylock.toml, narrowed to what is asked for. One that fits its project needs no
 * network: uv asks an index only where it finds that it has to lock anew, or has to build a package
 * to learn what it depends on. Throws a failure where it can't be used.
 */
export async function exportLock(
  request: LockRequest,
  member: string | undefined,
): Promise<string> {
  const { appDir, place } = request;
  await rm(place.work, { recursive: true, force: true });
  await mkdir(place.work, { recursive: true });
  await makeHome(homeIn(place.work), place.netrc);
  const text = await readFile(join(appDir, LOCK_FILE), "utf8");
  if (text.trim() === "") {
    const facts = { lockFile: LOCK_FILE, line: undefined, issue: EMPTY, relock: RELOCK };
    throw failure("lock-invalid", facts);
  }
  const registries = registriesIn(text);
  try {
    return await runExport(request, member, { UV_OFFLINE: "1", ...asking(registries) });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const known = await explainExport(error, request, member);
    if (known !== undefined) throw known;
  }
  const own = place.placesOf(PYPI);
  try {
    return await runExport(request, member, {
      UV_DEFAULT_INDEX: own[0],
      ...asking([...new Set([...own, ...registries])]),
    });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const known = await explainExport(error, request, member);
    throw known ?? failure("export-failed", { output: error.output, relock: RELOCK }, error);
  }
}

/**
 * A lock from an index that only a variable named, as UV_DEFAULT_INDEX, is stale to uv where it is
 * not told of that index; further indexes do not matter to it.
 * https://docs.astral.sh/uv/concepts/indexes/#defining-an-index
 */
function asking(indexes: readonly string[]): Env {
  return indexes.length === 0 ? {} : { UV_INDEX: indexes.join(" ") };
}

/** https://docs.astral.sh/uv/concepts/projects/export/ */
async function runExport(
  { appDir, interpreter, groups, extras, place }: LockRequest,
  member: string | undefined,
  network: Env,
): Promise<string> {
  const { stdout } = await capture(
    "uv",
    [
      ...["export", "--locked", "--format", "pylock.toml", "--no-header", "--no-editable"],
      ...["--no-default-groups", ...groups.flatMap((group) => ["--group", group])],
      ...extras.flatMap((extra) => ["--extra", extra]),
      ...(member === undefined ? [] : ["--package", member]),
      ...["--python", interpreter.path, "--color", "never", "--no-progress"],
    ],
    {
      cwd: appDir,
      env: compilerEnv(place.env, {
        UV_CACHE_DIR: place.cache,
        UV_PYTHON_DOWNLOADS: "never",
        UV_NO_WRAP: "1",
        NETRC: place.netrc,
        ...gitEnv(place.env, homeIn(place.work)),
        ...network,
      }),
    },
  );
  return stdout;
}

function homeIn(work: string): string {
  return join(work, "home");
}
