import type { IncomingMessage, ServerResponse } from "node:http";
import { type Body, send } from "./body.ts";

/** What an address leads to. */
export interface Resource {
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes. */
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  readonly modified?: Date;
  /** Both ends are included. */
  readonly read: (start: number, end: number) => Promise<Body>;
}

/**
 * Answers GET and HEAD, with one range of bytes, and with 304 where the client has it already.
 * `count` is told the bytes of the body as they go out.
 */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  resource: Resource,
  count: (bytes: number) => void,
): Promise<void> {
  const { size, etag, modified } = resource;
  const stamp = modified?.toUTCString();
  const headers = {
    ...{ ...resource.headers, etag, "accept-ranges": "bytes" },
    ...(stamp === undefined ? {} : { "last-modified": stamp }),
  };
  if (isKnown(request, etag, modified)) {
    response.writeHead(304, headers).end();
    return;
  }
  const condition = request.headers["if-range"];
  const holds = condition === undefined || condition === etag || condition === stamp;
  const range = holds ? parseRange(header(request, "range"), size) : undefined;
  if (range === "beyond") {
    response.writeHead(416, { ...headers, "content-range": `bytes */${size}` }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  // Before the head: what can't be had is told by another status.
  const body = request.method === "HEAD" ? undefined : await resource.read(start, end);
  response.writeHead(range === undefined ? 200 : 206, {
    ...headers,
    "content-length": end + 1 - start,
    ...(range === undefined ? {} : { "content-range": `bytes ${start}-${end}/${size}` }),
  });
  if (body === undefined) {
    response.end();
    return;
  }
  await send(response, body, count);
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-13.1 */
function isKnown(request: IncomingMessage, etag: string, modified: Date | undefined): boolean {
  const tags = header(request, "if-none-match");
  if (tags !== undefined) return tags === "*" || tags.split(/\s*,\s*/).includes(etag);
  const since = Date.parse(header(request, "if-modified-since") ?? "");
  // HTTP's times have no fractions of a second.
  return modified !== undefined && Math.floor(modified.getTime() / 1000) * 1000 <= since;
}

/** Undefined where the whole is to be sent: several ranges, or what is no range of bytes. */
function parseRange(
  text: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | "beyond" | undefined {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(text ?? "") ?? [];
  if (from === "" && to === "") return undefined;
  if (from !== "" && to !== "" && Number(to) < Number(from)) return undefined;
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  return start > end ? "beyond" : { start, end };
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}
