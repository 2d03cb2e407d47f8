import { join } from "node:path";
import * as z from "zod/mini";
import type { Env } from "../../cnb/env.ts";
import { capture, CommandError } from "../../kit/command.ts";
import { withoutUserinfo } from "../../kit/redact.ts";
import type { Settings } from "../../kit/settings.ts";
import { toolEnv } from "../../kit/tool-env.ts";
import { withoutCredential } from "../../kit/credentials.ts";
import { isTooOld, minorOf } from "../../python/version/lifetime.ts";
import { isSatisfiedBy } from "../../python/version/version-request.ts";
import { failure } from "./failures.ts";
import type { Request } from "./request.ts";

/** A build of CPython by python-build-standalone, or by whoever is behind the user's own list. */
export interface Release {
  /** "3.12.4" */
  readonly version: string;
  /**
   * The archive: a path below the releases' common address, so that it means the same with and
   * without a mirror ("20260929/cpython-3.12.14%2B20260929-…"), or a whole URL, without credentials.
   */
  readonly archive: string;
  /** Where it is downloaded from, with everything that the settings say. */
  readonly url: string;
}

/** The address that uv replaces by the mirror that is set, or goes to its own mirror before. */
const RELEASES = "https://github.com/astral-sh/python-build-standalone/releases/download";
const ASTRAL_RELEASES =
  "https://releases.astral.sh/github/python-build-standalone/releases/download";

/** The newest release that satisfies the request. uv knows them by heart: no network is needed. */
export async function chooseRelease(
  request: Request,
  env: Env,
  settings: Settings,
): Promise<Release> {
  const releases = await listReleases(env, settings);
  const supported = releases.filter(({ version }) => !isTooOld(version));
  const newest = supported.find(({ version }) => isSatisfiedBy(request, version));
  if (newest !== undefined) return newest;

  const { origin, text } = request;
  const versions = supported.map(({ version }) => version);
  if (asksForOldOnly(request)) {
    throw failure("version-too-old", { origin, text, newest: newestOfEachMinor(versions) });
  }
  const nearest = nearestTo(request, versions);
  throw failure("version-unavailable", {
    origin,
    text,
    nearest,
    newest: newestOfEachMinor(versions),
  });
}

/** Where an archive is downloaded from. */
export function urlOf(archive: string, settings: Settings): string {
  if (URL.canParse(archive)) return archive;
  return `${(settings.get("BP_PYTHON_INSTALL_MIRROR") ?? RELEASES).replace(/\/+$/, "")}/${archive}`;
}

/**
 * A list, in uv's format, of one release, so that uv installs this very file and checks it.
 * https://docs.astral.sh/uv/reference/environment/#uv_python_downloads_json_url
 */
export function listOfOne({ version, archive }: Release, arch: string, sha256: string): string {
  const [major, minor, patch] = version.split(".").map(Number);
  const entry = {
    name: "cpython",
    arch: { family: UV_ARCHITECTURES[arch] ?? arch, variant: null },
    ...{ os: "linux", libc: "gnu", major, minor, patch, prerelease: "" },
    url: URL.canParse(archive) ? archive : `${RELEASES}/${archive}`,
    sha256,
    variant: null,
    build: archive.split("/").at(-2) ?? "",
  };
  return JSON.stringify({ [keyOf(version, arch)]: entry });
}

/** uv's name for a release. */
export function keyOf(version: string, arch: string): string {
  return `cpython-${version}-linux-${UV_ARCHITECTURES[arch] ?? arch}-gnu`;
}

/** Of a release that is unpacked in a directory. */
export function interpreterOf(tree: string, version: string): string {
  return join(tree, "bin", `python${minorOf(version)}`);
}

const UV_ARCHITECTURES: Readonly<Record<string, string>> = { amd64: "x86_64", arm64: "aarch64" };

/** uv's variables for this user's mirror and list. */
export function sourceVariables(settings: Settings): Env {
  return {
    UV_PYTHON_INSTALL_MIRROR: settings.get("BP_PYTHON_INSTALL_MIRROR"),
    UV_PYTHON_DOWNLOADS_JSON_URL: settings.get("BP_PYTHON_DOWNLOADS_JSON_URL"),
  };
}

const listSchema = z.array(
  z.object({
    implementation: z.string(),
    variant: z.string(),
    libc: z.string(),
    version: z.string(),
    url: z.string(),
  }),
);

/** Newest first. */
async function listReleases(env: Env, settings: Settings): Promise<readonly Release[]> {
  const options = ["--all-versions", "--only-downloads", "--output-format", "json"];
  const args = ["python", "list", ...options, "--no-config", "--color", "never"];
  const list = settings.get("BP_PYTHON_DOWNLOADS_JSON_URL");
  const url = list === undefined ? undefined : withoutUserinfo(list);
  let output: string;
  try {
    ({ stdout: output } = await capture("uv", args, {
      env: toolEnv(env, { ...sourceVariables(settings), UV_NO_CACHE: "1", UV_HTTP_RETRIES: "2" }),
    }));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw failure("list-unavailable", { url, output: error.output }, error);
  }
  return listSchema
    .parse(JSON.parse(output))
    .filter((each) => each.implementation === "cpython" && each.variant === "default")
    .filter((each) => each.libc === "gnu" && /^\d+\.\d+\.\d+$/.test(each.version))
    .map(({ version, url: from }) => ({ version, url: from, archive: archiveOf(from, settings) }))
    .sort((a, b) => compareVersions(b.version, a.version));
}

/** What stays the same where a mirror or a password changes. */
export function archiveOf(url: string, settings: Settings): string {
  const mirror = settings.get("BP_PYTHON_INSTALL_MIRROR");
  const bases = [RELEASES, ASTRAL_RELEASES, ...(mirror === undefined ? [] : [mirror])];
  const base = bases
    .map((each) => `${each.replace(/\/+$/, "")}/`)
    .find((each) => url.startsWith(each));
  if (base !== undefined) return url.slice(base.length);
  return withoutCredential(url);
}

function asksForOldOnly(request: Request): boolean {
  const exact = /^==(\d+\.\d+)/.exec(request.specifier)?.[1];
  if (exact !== undefined) return isTooOld(exact);
  return ["2.7.18", "3.6.15", "3.7.17", "3.8.20"].some((old) => isSatisfiedBy(request, old));
}

/** The newest releases of the minor version that is asked for. */
function nearestTo({ specifier }: Request, versions: readonly string[]): readonly string[] {
  const minor = /^==(\d+\.\d+)\b/.exec(specifier)?.[1];
  return versions.filter((version) => minorOf(version) === minor).slice(0, 3);
}

function newestOfEachMinor(versions: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return versions.filter((version) => {
    const minor = minorOf(version);
    return !seen.has(minor) && seen.add(minor);
  });
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  for (const index of [0, 1, 2]) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
