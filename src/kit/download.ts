import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Env } from "../cnb/env.ts";
import { capture, CommandError } from "./command.ts";
import { type Credential, mergeCredentials } from "./credentials.ts";
import { netrcText } from "./netrc.ts";
import { toolEnv } from "./tool-env.ts";

export interface Download {
  readonly url: string;
  readonly file: string;
}

export interface DownloadOptions {
  readonly credentials: readonly Credential[];
  /** Where credentials are put down for curl. */
  readonly workDir: string;
  readonly env: Env;
}

export interface DownloadOutcome extends Download {
  /** HTTP's status; 0 where no server answered. */
  readonly status: number;
  /** Curl's own words, where it failed. */
  readonly error: string;
}

/** Downloads files, several at once. Throws for none that is not there. */
export async function download(
  downloads: readonly Download[],
  { credentials, workDir, env }: DownloadOptions,
): Promise<readonly DownloadOutcome[]> {
  if (downloads.length === 0) return [];
  const netrc = join(workDir, "netrc");
  await writeFile(netrc, netrcText(mergeCredentials(credentials).kept), { mode: 0o600 });
  const quote = (text: string) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  const input = downloads
    .map(({ url, file }) => `url = ${quote(url)}\noutput = ${quote(file)}\n`)
    .join("");
  const { stdout } = await capture(
    "curl",
    [
      ...["--fail", "--silent", "--location", "--netrc-file", netrc],
      ...[
        "--parallel",
        "--parallel-max",
        "8",
        "--retry",
        "3",
        "--retry-delay",
        "1",
        "--retry-all-errors",
      ],
      ...["--connect-timeout", "30", "--speed-time", "60", "--speed-limit", "1000"],
      ...["--write-out", "%{url}\\t%{http_code}\\t%{errormsg}\\n", "--config", "-"],
    ],
    { env: toolEnv(env), input },
  ).catch((error: unknown) => {
    // Its status is of one of the files; the lines tell of each.
    if (error instanceof CommandError && error.ended.kind === "exit") {
      return { stdout: error.output };
    }
    throw error;
  });
  const outcomes = new Map(
    stdout.split("\n").map((line) => {
      const [url = "", status = "", error = ""] = line.split("\t");
      return [url, { status: Number(status), error }] as const;
    }),
  );
  return downloads.map((one) => ({
    ...one,
    ...(outcomes.get(one.url) ?? { status: 0, error: "curl did not say" }),
  }));
}
