import { join } from "node:path";
import { readFile, rm } from "node:fs/promises";
import * as z from "zod/mini";
import { ARCHIVED_RELEASES } from "../accelerator/toolkit-releases.ts";
import type { Env } from "../cnb/env.ts";
import { makeDirectory } from "../cnb/files.ts";
import { download, type DownloadOutcome } from "../kit/download.ts";
import { capture, CommandError } from "../kit/command.ts";
import { type Credential, secretsOf, splitCredential } from "../kit/credentials.ts";
import { sha256OfFile } from "../kit/hash.ts";
import type { Log } from "../kit/log.ts";
import type { Settings } from "../kit/settings.ts";
import { formatBytes } from "../kit/text.ts";
import { toolEnv } from "../kit/tool-env.ts";
import { failure } from "./toolkit-failures.ts";

export interface ArchivesOptions {
  /** "12.8" */
  readonly cuda: string;
  /** As the specification of buildpacks names it: "amd64". */
  readonly arch: string;
  readonly settings: Settings;
  readonly env: Env;
  readonly log: Log;
  /** For downloads. */
  readonly workDir: string;
}

/**
 * Unpacks CUDA's compiler and headers from NVIDIA's archives, each checked against the digest in
 * NVIDIA's own list. Gives the compiler's version. PyPI has nvcc for CUDA 13 and later only.
 */
export async function unpackArchives(directory: string, options: ArchivesOptions): Promise<string> {
  const { cuda, arch, env, log, workDir } = options;
  const release = ARCHIVED_RELEASES[cuda];
  const platform = PLATFORMS[arch];
  if (release === undefined) throw failure("cuda-without-compiler", { cuda, known: KNOWN });
  if (platform === undefined) throw failure("no-archives", { cuda, arch });
  const { base, credentials } = mirrorOf(options);
  await makeDirectory(workDir);
  const access = { credentials, workDir, env };

  const list = { url: `${base}/redistrib_${release}.json`, file: join(workDir, "redistrib.json") };
  checkDownload(await download([list], access), cuda);
  const manifest = await readManifest(list, platform);
  const compiler = manifest.get("cuda_nvcc");
  if (compiler === undefined) {
    throw failure("list-unreadable", {
      url: list.url,
      issue: `It has no cuda_nvcc for ${platform}`,
    });
  }

  const archives = [...manifest].map(([name, archive]) => ({
    ...archive,
    url: `${base}/${archive.path}`,
    file: join(workDir, `${name}.tar.xz`),
  }));
  const total = archives.reduce((sum, { size }) => sum + size, 0);
  log.step(`Downloading CUDA ${release}'s compiler from NVIDIA (${formatBytes(total)})`);
  checkDownload(await download(archives, access), cuda);
  for (const { url, file, sha256 } of archives) {
    const found = await sha256OfFile(file);
    if (found !== sha256) throw failure("archive-changed", { url, expected: sha256, found });
    await unpack(file, directory, { url, env });
    await rm(file);
  }
  return compiler.version;
}

const KNOWN = Object.keys(ARCHIVED_RELEASES);

/** NVIDIA calls servers with Arm's processors "sbsa"; its "aarch64" are Jetsons. */
const PLATFORMS: Readonly<Record<string, Platform>> = {
  amd64: "linux-x86_64",
  arm64: "linux-sbsa",
};

/** What compiling takes: not the libraries, which programs bring as wheels, nor tools to debug. */
const COMPONENTS = [
  ...["cuda_nvcc", "cuda_cudart", "cuda_cccl", "cuda_nvtx", "cuda_profiler_api", "cuda_nvml_dev"],
];

interface Archive {
  readonly version: string;
  /** Relative to the list. */
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
}

const archiveSchema = z.object({
  relative_path: z.string(),
  sha256: z.string(),
  size: z.optional(z.string()),
});

const componentSchema = z.object({
  version: z.string(),
  "linux-x86_64": z.optional(archiveSchema),
  "linux-sbsa": z.optional(archiveSchema),
});

type Platform = Exclude<keyof z.infer<typeof componentSchema>, "version">;

/** The list has more, of other forms. */
const manifestSchema = z.object(
  Object.fromEntries(COMPONENTS.map((name) => [name, z.optional(componentSchema)])),
);

async function readManifest(
  { url, file }: { readonly url: string; readonly file: string },
  platform: Platform,
): Promise<ReadonlyMap<string, Archive>> {
  try {
    const components = manifestSchema.parse(JSON.parse(await readFile(file, "utf8")));
    return new Map(
      Object.entries(components).flatMap(([name, component]): readonly [string, Archive][] => {
        const archive = component?.[platform];
        if (component === undefined || archive === undefined) return [];
        const { relative_path: path, sha256, size } = archive;
        return [[name, { version: component.version, path, sha256, size: Number(size ?? 0) }]];
      }),
    );
  } catch (error) {
    throw failure("list-unreadable", { url, issue: String(error) }, error);
  }
}

const REDIST = "https://developer.download.nvidia.com/compute/cuda/redist";

function mirrorOf({ settings, log }: ArchivesOptions): {
  readonly base: string;
  readonly credentials: readonly Credential[];
} {
  const mirror = settings.get("BP_CUDA_REDIST_MIRROR");
  const { url, credential } = splitCredential(mirror ?? REDIST, {
    file: "BP_CUDA_REDIST_MIRROR",
    kind: "variable",
  });
  const credentials = credential === undefined ? [] : [credential];
  for (const secret of credentials.flatMap(secretsOf)) log.hide(secret);
  return { base: url.replace(/\/+$/, ""), credentials };
}

function checkDownload(outcomes: readonly DownloadOutcome[], cuda: string): void {
  const missing = outcomes.find(({ status, error }) => status !== 200 || error !== "");
  if (missing === undefined) return;
  const { url, status, error } = missing;
  const reason =
    status === 0 || status === 200
      ? error || "it does not answer"
      : `it answered with status ${status}`;
  throw failure("archives-unreachable", { cuda, url, reason });
}

async function unpack(
  file: string,
  directory: string,
  { url, env }: { readonly url: string; readonly env: Env },
): Promise<void> {
  await makeDirectory(directory);
  try {
    // One directory with the archive's name holds everything.
    await capture(
      "tar",
      [
        ...["--extract", "--xz", "--no-same-owner", "--strip-components", "1"],
        ...["--file", file, "--directory", directory],
      ],
      { env: toolEnv(env) },
    );
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw failure("archive-unreadable", { url, output: error.output }, error);
  }
}
