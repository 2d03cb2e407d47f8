import { copyFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildContext } from "../../kit/buildpack.ts";
import { CommandError } from "../../kit/command.ts";
import { sha256OfFile } from "../../kit/hash.ts";
import type { LockFile } from "../lock.ts";
import { withoutCredential } from "../../kit/credentials.ts";
import { originOfLogin } from "../access/netrc-file.ts";
import { failure } from "./failures.ts";
import { runTool } from "./run-tool.ts";
import { describeSource, type Source } from "./source.ts";
import type { Workplace } from "./workplace.ts";

export interface DownloadOptions {
  readonly source: Extract<Source, { from: "sdist" | "url" }>;
  /** A URL, or a path (a relative one in the app or, of `--find-links`, in the workplace). */
  readonly url: string;
  readonly workplace: Workplace;
  readonly context: Pick<BuildContext, "appDir" | "log">;
  readonly lockFile: Pick<LockFile, "own" | "uvArguments">;
  readonly netrc?: string | undefined;
}

/** Gets an archive into the workplace and verifies its digest; gives the file's path. */
export async function download(options: DownloadOptions): Promise<string> {
  const { source, url, workplace, context, lockFile } = options;
  const local = localPathOf(url, source.from === "url" ? context.appDir : workplace.root);
  const name = local === undefined ? new URL(url).pathname : local;
  const archive = join(workplace.root, basename(decodeURIComponent(name)) || "archive");
  await (local === undefined ? fetchArchive(archive, options) : copyFile(local, archive));

  const found = await sha256OfFile(archive);
  if (found !== source.sha256) {
    throw failure("hash-mismatch", {
      source: describeSource(source),
      url: withoutCredential(url),
      found,
      wanted: source.sha256,
      own: lockFile.own,
    });
  }
  return archive;
}

/**
 * curl and not Node's fetch, which in Node 20 neither asks a proxy nor reads SSL_CERT_FILE; and
 * which has no netrc.
 */
async function fetchArchive(
  archive: string,
  { source, url, workplace, context, lockFile, netrc }: DownloadOptions,
): Promise<void> {
  const args = ["--fail", "--location", "--silent", "--show-error", "--retry", "3"];
  if (netrc !== undefined) args.push("--netrc-file", netrc);
  if (isTrusted(new URL(url), lockFile.uvArguments)) args.push("--insecure");
  try {
    await runTool("curl", [...args, "--output", archive, "--", url], {
      log: context.log,
      env: workplace.downloadEnv,
      cwd: workplace.root,
    });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw failure(
      "download-failed",
      {
        source: describeSource(source),
        host: new URL(url).host,
        reason: explainCurl(error.output, await originOfLogin(netrc, url)),
        output: error.output,
      },
      error,
    );
  }
}

/** curl's exit codes: https://curl.se/docs/manpage.html#EXIT */
function explainCurl(output: string, sent: string | undefined): string {
  const code = Number(/curl: \((\d+)\)/.exec(output)?.[1]);
  const status = /returned error: (\d{3})/.exec(output)?.[1];
  if (status === "401" || status === "403") {
    return sent === undefined
      ? `it asks for credentials (HTTP ${status})`
      : `it refuses the credentials of ${sent} (HTTP ${status})`;
  }
  if (status === "404" || status === "410") return `the file is not there (HTTP ${status})`;
  if (status !== undefined) return `it answered with HTTP ${status}`;
  switch (code) {
    case 5:
      return "the proxy's name can't be resolved";
    case 6:
      return "its name can't be resolved";
    case 7:
      return "no connection could be made";
    case 28:
      return "it did not answer in time";
    case 35:
    case 60:
      return "its certificate is not trusted";
    default:
      return "the download did not succeed";
  }
}

function localPathOf(url: string, root: string): string | undefined {
  if (url.startsWith("file:")) return fileURLToPath(url);
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? undefined : resolve(root, url);
}

/** Hosts whose certificates the app's requirements say need not be verified. */
function isTrusted(url: URL, uvArguments: readonly string[]): boolean {
  return uvArguments.some((argument, index) => {
    const previous = uvArguments[index - 1] ?? "";
    const inline = /^--(?:allow-insecure|trusted)-host=(.*)$/.exec(argument)?.[1];
    const host = /^--(?:allow-insecure|trusted)-host$/.test(previous) ? argument : inline;
    return host !== undefined && (host === url.host || host === url.hostname);
  });
}
