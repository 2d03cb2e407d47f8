import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { sha256 } from "../../src/kit/hash.ts";

/** An index and an archive, on 127.0.0.1, as they are on the other side of the frozen one. */
export interface FakeUpstream {
  /** "127.0.0.1:40123" */
  readonly host: string;
  /** Of its simple API. */
  readonly index: string;
  /** What it answers with, by path; may change at any time. */
  readonly answers: Map<string, FakeAnswer>;
  /** What it was asked, in this order. */
  readonly asked: { readonly path: string; readonly headers: IncomingMessage["headers"] }[];
}

export type FakeAnswer = string | Buffer | ((response: ServerResponse) => void);

export async function startFakeUpstream(): Promise<FakeUpstream> {
  const answers: FakeUpstream["answers"] = new Map();
  const asked: FakeUpstream["asked"] = [];
  const server = createServer(({ url: path = "", headers }, response) => {
    asked.push({ path, headers });
    const found = answers.get(path);
    if (found === undefined) response.writeHead(404).end();
    else if (typeof found === "function") found(response);
    else respond(Buffer.from(found), headers.range, path, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, index: `http://${host}/simple/`, answers, asked };
}

function respond(
  body: Buffer,
  range: string | undefined,
  path: string,
  response: ServerResponse,
): void {
  const type = path.startsWith("/simple/")
    ? "application/vnd.pypi.simple.v1+json"
    : "application/octet-stream";
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(range ?? "") ?? [];
  const part = start === undefined ? body : body.subarray(Number(start), Number(end) + 1);
  response.writeHead(start === undefined ? 200 : 206, {
    "content-type": type,
    "content-length": part.length,
  });
  response.end(part);
}

export interface FakeFile {
  readonly filename: string;
  readonly content: Buffer;
  /** UPLOADED unless told otherwise; where undefined, the page does not say. */
  readonly uploaded?: string | undefined;
  /** Further keys of the page's entry. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export const UPLOADED = "2026-02-19T05:00:57.678803Z";

/** Gives the upstream a project, in place of what it had of that name. */
export function putProject(upstream: FakeUpstream, name: string, files: readonly FakeFile[]): void {
  const entries = files.map((file) => {
    const { filename, content, uploaded, more } = { uploaded: UPLOADED, ...file };
    upstream.answers.set(`/packages/${filename}`, content);
    return {
      ...{ filename, url: `../../packages/${filename}`, hashes: { sha256: sha256(content) } },
      ...{ size: content.length, yanked: false },
      ...(uploaded === undefined ? {} : { "upload-time": uploaded }),
      ...more,
    };
  });
  const versions = new Set(files.map(({ filename }) => /-(\d+\.\d+)/.exec(filename)?.[1]));
  const page = { meta: { "api-version": "1.1" }, name, files: entries, versions: [...versions] };
  upstream.answers.set(`/simple/${name}/`, JSON.stringify(page));
}
