import * as z from "zod/mini";
import type { Env } from "../../cnb/env.ts";
import { capture, CommandError } from "../../kit/command.ts";
import { toolEnv } from "../../kit/tool-env.ts";

/** What an index says of a project. Only asked to explain a failure or to warn of one. */
export type IndexAnswer =
  | { readonly kind: "files"; readonly files: readonly IndexFile[] }
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "unreachable" };

export interface IndexFile {
  readonly filename: string;
  /** "Requires-Python" of the release: ">=3.7,<3.11". */
  readonly requiresPython: string | undefined;
  /** Hexadecimal; many indexes tell none. */
  readonly sha256?: string | undefined;
}

export interface IndexAccess {
  readonly env: Env;
  readonly netrc: string | undefined;
}

/** Asks with curl, which knows proxies, certificates and netrc files. */
export async function lookUpProject(
  index: string,
  name: string,
  { env, netrc }: IndexAccess,
): Promise<IndexAnswer> {
  const url = `${index.replace(/\/+$/, "")}/${name}/`;
  try {
    const { stdout } = await capture(
      "curl",
      [
        ...["--silent", "--location", "--compressed", "--max-time", "20"],
        ...(netrc === undefined ? [] : ["--netrc-file", netrc]),
        ...["--header", "Accept: application/vnd.pypi.simple.v1+json, text/html;q=0.5"],
        ...["--write-out", "\n%{http_code}", url],
      ],
      { env: toolEnv(env) },
    );
    const end = stdout.lastIndexOf("\n");
    const status = Number(stdout.slice(end + 1));
    return status === 200
      ? { kind: "files", files: parseProject(stdout.slice(0, end)) }
      : { kind: "status", status };
  } catch (error) {
    if (error instanceof CommandError) return { kind: "unreachable" };
    throw error;
  }
}

/** Those of the pages of indexes that are there; a server that does not answer has none. */
export async function lookUpNames(
  pages: readonly string[],
  { env, netrc }: IndexAccess,
): Promise<ReadonlySet<string>> {
  if (pages.length === 0) return new Set();
  const input = pages.map((url) => `url = "${url}"\noutput = "/dev/null"\n`).join("");
  const args = [
    ...["--silent", "--head", "--location", "--max-time", "20"],
    ...["--parallel", "--parallel-max", "16"],
    ...(netrc === undefined ? [] : ["--netrc-file", netrc]),
    ...["--write-out", "%{http_code} %{url}\\n", "--config", "-"],
  ];
  const { stdout } = await capture("curl", args, { env: toolEnv(env), input }).catch(
    (error: unknown) => {
      // Its status is of one of the pages; the lines tell of each.
      if (error instanceof CommandError && error.ended.kind === "exit")
        return { stdout: error.output };
      throw error;
    },
  );
  const lines = stdout.split("\n").map((line) => line.split(" "));
  return new Set(lines.flatMap(([status, url = ""]) => (status === "200" ? [url] : [])));
}

const projectSchema = z.object({
  files: z.array(
    z.object({
      filename: z.string(),
      "requires-python": z.optional(z.nullable(z.string())),
      hashes: z.optional(z.record(z.string(), z.string())),
    }),
  ),
});

/** https://packaging.python.org/en/latest/specifications/simple-repository-api/ */
export function parseProject(body: string): readonly IndexFile[] {
  if (body.trimStart().startsWith("{")) {
    const project = projectSchema.safeParse(JSON.parse(body));
    return (project.data?.files ?? []).map((file) => ({
      filename: file.filename,
      requiresPython: file["requires-python"] ?? undefined,
      sha256: file.hashes?.["sha256"],
    }));
  }
  return [...body.matchAll(/<a\b([^>]*)>([^<]*)<\/a>/gi)].map(([, attributes = "", text = ""]) => {
    const requires = /data-requires-python="([^"]*)"/i.exec(attributes)?.[1];
    return {
      filename: text.trim(),
      sha256: /#sha256=([0-9a-f]{64})/i.exec(attributes)?.[1]?.toLowerCase(),
      requiresPython: requires
        ?.replaceAll("&gt;", ">")
        .replaceAll("&lt;", "<")
        .replaceAll("&amp;", "&"),
    };
  });
}
