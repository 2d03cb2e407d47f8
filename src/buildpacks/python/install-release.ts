import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { PhaseContext } from "../../cnb/buildpack.ts";
import type { Env } from "../../cnb/env.ts";
import { capture, CommandError, stream } from "../../kit/command.ts";
import { sha256OfFile } from "../../kit/hash.ts";
import type { Log } from "../../kit/log.ts";
import { withoutUserinfo } from "../../kit/redact.ts";
import type { Settings } from "../../kit/settings.ts";
import { toolEnv } from "../../kit/tool-env.ts";
import { compileBytecode } from "../../python/environment/bytecode.ts";
import { settleModes } from "../../python/environment/modes.ts";
import { findComplaint } from "../../python/uv/complaints.ts";
import { minorOf } from "../../python/version/lifetime.ts";
import { failure } from "./failures.ts";
import { interpreterOf, keyOf, listOfOne, type Release, sourceVariables } from "./release.ts";
import { pruneTree } from "./prune-tree.ts";
import { relocateTree } from "./relocate-tree.ts";
import type { Origin } from "./request.ts";

interface Context extends PhaseContext {
  readonly log: Log;
  readonly settings: Settings;
}

interface Known {
  /** Of the archive, where an earlier build has noted it. */
  readonly sha256?: string;
  /** What asks for the release; absent where its layer is made again. */
  readonly origin?: Origin;
}

/**
 * Puts a release at `tree`, the same bytes each time; gives the archive's SHA-256. Throws a failure where it can't be had.
 *
 * The interpreter gets its name last: who finds it there takes the whole tree for finished.
 */
export async function installRelease(
  context: Context,
  release: Release,
  tree: string,
  known: Known = {},
): Promise<string> {
  const draft = join(context.layersDir, "cpython-draft");
  await rm(draft, { recursive: true, force: true });
  try {
    const unpacked = await download(context, release, draft, known);
    const interpreterIn = (directory: string) => interpreterOf(directory, release.version);
    const unfinished = `${interpreterIn(tree)}-unfinished`;
    await rename(interpreterIn(unpacked), `${interpreterIn(unpacked)}-unfinished`);
    await mkdir(dirname(tree), { recursive: true });
    await rename(unpacked, tree);
    await relocateTree(tree, unpacked);
    await pruneTree(tree, release.version);
    await compileLibrary(context, release, tree, unfinished);
    settleModes(tree);
    const found = await sha256OfArchive(draft);
    await rename(unfinished, interpreterIn(tree));
    return found;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** uv knows mirrors, proxies and checksums, and patches the build paths that a release holds. */
async function download(
  { env, log, settings, target }: Context,
  release: Release,
  draft: string,
  { sha256, origin }: Known,
): Promise<string> {
  const key = keyOf(release.version, target.arch);
  const installed = join(draft, "installed");
  const list = sha256 === undefined ? {} : await pinnedList(release, target.arch, sha256, draft);
  const options = ["--install-dir", installed, "--no-bin", "--no-config", "--color", "never"];
  try {
    await stream(log, "uv", ["python", "install", key, ...options, "--no-progress"], {
      env: toolEnv(env, {
        ...sourceVariables(settings),
        ...list,
        UV_CACHE_DIR: join(draft, "cache"),
        UV_PYTHON_CACHE_DIR: archivesIn(draft),
      }),
    });
  } catch (error) {
    if (!(error instanceof CommandError) || error.ended.kind !== "exit") throw error;
    throw downloadFailure(release, error, origin);
  }
  return join(installed, key);
}

async function pinnedList(
  release: Release,
  arch: string,
  sha256: string,
  draft: string,
): Promise<Env> {
  const path = join(draft, "releases.json");
  await mkdir(draft, { recursive: true });
  await writeFile(path, listOfOne(release, arch, sha256));
  return { UV_PYTHON_DOWNLOADS_JSON_URL: path };
}

function archivesIn(draft: string): string {
  return join(draft, "archives");
}

async function sha256OfArchive(draft: string): Promise<string> {
  const [archive = ""] = await readdir(archivesIn(draft));
  return await sha256OfFile(join(archivesIn(draft), archive));
}

async function compileLibrary(
  { env, layersDir }: Context,
  { version, url }: Release,
  tree: string,
  path: string,
): Promise<void> {
  try {
    await capture(path, ["-I", "-B", "-c", "import ssl, sqlite3, zlib"], {
      env: toolEnv(env),
      cwd: layersDir,
    });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw failure("release-unusable", { version, url, output: error.output }, error);
  }
  const interpreter = { path, version, minor: minorOf(version), recreate: undefined };
  await compileBytecode([join(tree, "lib", `python${minorOf(version)}`)], interpreter, env);
}

/** uv's own words stand in the log already. */
function downloadFailure(
  { version, url: from }: Release,
  error: CommandError,
  origin: Origin | undefined,
): Error {
  const url = withoutUserinfo(from);
  if (findComplaint(error.output).kind === "hash-mismatch") {
    return failure("checksum-wrong", { version, url }, error);
  }
  return failure(
    "download-failed",
    { version, url, reason: reasonIn(error.output), origin },
    error,
  );
}

/** uv's causes, in words for people who don't know its libraries. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/HTTP status [a-z ]+ error \((\d{3})/, "the server answers with status $1"],
  [/dns error/, "the name of the server is not known where the build runs"],
  [/certificate/i, "the server's certificate is not trusted"],
  [/Connection refused/, "the server refuses the connection"],
  [/timed out|timeout/i, "the server does not answer in time"],
  [/Failed to extract/, "a file that can't be unpacked"],
];

function reasonIn(output: string): string {
  for (const [pattern, words] of REASONS) {
    const match = pattern.exec(output);
    if (match !== null) return words.replace("$1", match[1] ?? "");
  }
  return "the download has failed";
}
