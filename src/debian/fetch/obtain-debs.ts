import { copyFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Env } from "../../cnb/env.ts";
import { capture, CommandError } from "../../kit/command.ts";
import { credentialFor } from "../../kit/credentials.ts";
import { sha256OfFile } from "../../kit/hash.ts";
import { DebianError } from "../complaint.ts";
import { type Paragraph, parseParagraphs } from "../deb822.ts";
import type { DebRequest, Requests } from "../requests/requests.ts";
import { toolEnv } from "../../kit/tool-env.ts";
import { download, type DownloadOutcome } from "../../kit/download.ts";

/** A package that is a file, at hand. */
export interface LocalDeb {
  readonly name: string;
  /** Its control file. */
  readonly fields: Paragraph;
  /** Absolute. */
  readonly file: string;
  /** As a lock has it: an address, or "./path" in the app. */
  readonly url: string;
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
}

export interface ObtainOptions {
  readonly appDir: string;
  readonly workDir: string;
  /** Where the files are put. */
  readonly directory: string;
  readonly arch: string;
  readonly env: Env;
}

/** Fetches the packages that are files, and reads what they are. Throws a {@link DebianError}. */
export async function obtainDebs(
  { debs, credentials }: Pick<Requests, "debs" | "credentials">,
  options: ObtainOptions,
): Promise<readonly LocalDeb[]> {
  const { appDir, directory } = options;
  const files = debs.map((request, index) => ({
    request,
    file: join(directory, `${index}.deb`),
    url: request.source.kind === "url" ? request.source.url : request.source.path,
  }));
  const remote = files.filter(({ request }) => request.source.kind === "url");
  const outcomes = await download(remote, { ...options, credentials });
  const failed = outcomes.find(({ status, error }) => status >= 400 || error !== "");
  if (failed !== undefined) throw new DebianError(complaintOf(failed, credentials));
  for (const { request, file } of files) {
    if (request.source.kind === "path") await copyFile(join(appDir, request.source.path), file);
  }
  return Promise.all(files.map((one) => readDeb(one, options)));
}

export function complaintOf(
  { url, status, error }: DownloadOutcome,
  credentials: Requests["credentials"],
): DebianError["complaint"] {
  if (status === 401 || status === 403) {
    const sent = credentialFor(url, credentials)?.origin;
    return { kind: "denied", url, status: String(status), sent };
  }
  if (status >= 400 && status < 500) return { kind: "deb-missing", url, status: String(status) };
  const reason = status >= 500 ? `It answered with status ${status}` : error;
  return { kind: "unreachable", url, reason };
}

async function readDeb(
  {
    request,
    file,
    url,
  }: { readonly request: DebRequest; readonly file: string; readonly url: string },
  { arch, env }: ObtainOptions,
): Promise<LocalDeb> {
  const { origin, text } = request;
  const found = await sha256OfFile(file);
  if (found !== request.sha256) {
    const name = url.split("/").at(-1) ?? url;
    throw new DebianError({ kind: "checksum", name, url, expected: request.sha256, found, origin });
  }
  let control: string;
  try {
    control = (await capture("dpkg-deb", ["--field", file], { env: toolEnv(env) })).stdout;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const issue = "The file is not a Debian package";
    throw new DebianError({ kind: "deb-invalid", text, origin, issue }, error);
  }
  const fields = parseParagraphs(control)[0] ?? new Map<string, string>();
  const of = fields.get("architecture") ?? "";
  if (of !== arch && of !== "all") {
    const issue = `The package is for ${of}, and the image for ${arch}`;
    throw new DebianError({ kind: "deb-invalid", text, origin, issue });
  }
  const { size } = await stat(file);
  return { name: fields.get("package") ?? "", fields, file, url, sha256: found, size };
}
