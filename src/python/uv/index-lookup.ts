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

const projectSchema = z.object({
  files: z.array(
    z.object({
      filename: z.string(),
      "requires-python": z.optional(z.nullable(z.string())),
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
    }));
  }
  return [...body.matchAll(/<a\b([^>]*)>([^<]*)<\/a>/gi)].map(([, attributes = "", text = ""]) => {
    const requires = /data-requires-python="([^"]*)"/i.exec(attributes)?.[1];
    return {
      filename: text.trim(),
      requiresPython: requires
        ?.replaceAll("&gt;", ">")
        .replaceAll("&lt;", "<")
        .replaceAll("&amp;", "&"),
    };
  });
}
