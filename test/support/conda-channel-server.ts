import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import { pipeline } from "node:stream/promises";
import { cleanUpLater } from "../../scripts/lib/cleanup.ts";

export interface ServedChannels {
  /** "http://127.0.0.1:…"; what lies in the folder lies below. */
  readonly url: string;
  /** Every request so far, in its order. */
  readonly requests: readonly ServedRequest[];
  /** What the server does wrong, by the end of a path; tests change it between requests. */
  readonly failures: Map<string, Failure>;
}

export interface ServedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export type Failure =
  /** Answers so. */
  | { readonly status: number; readonly body?: string }
  /** Ends the connection after some bytes of the answer; always, or so many times. */
  | { readonly cutAfter: number; readonly times?: number }
  /** Gives other bytes, as many as the file has. */
  | { readonly changed: true };

export interface ChannelServerOptions {
  /** What every request must have: a user and a password, or a token for `Authorization: Bearer`. */
  readonly requires?:
    | { readonly user: string; readonly password: string }
    | { readonly bearer: string }
    /** Anaconda's: the address is `<url>/t/<token>/<channel>`. */
    | { readonly token: string };
  readonly failures?: Readonly<Record<string, Failure>>;
}

/** Serves a folder of channels, or one channel, on 127.0.0.1 until `cleanUp`. */
export async function serveChannels(
  root: string,
  { requires, failures = {} }: ChannelServerOptions = {},
): Promise<ServedChannels> {
  const served = {
    requests: [] as ServedRequest[],
    failures: new Map(Object.entries(failures)),
  };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    response.on("close", () => {
      served.requests.push({ method: request.method ?? "", path, status: response.statusCode });
    });
    const allowed = isAllowed(request, path, requires);
    const failure = takeFailure(served.failures, path);
    const file = join(root, normalize(path.replace(/^\/t\/[^/]+/, "")));
    answer(request, response, { allowed, failure, file }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUpLater("a server of conda channels", () => close(server));
  return { ...served, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function takeFailure(failures: Map<string, Failure>, path: string): Failure | undefined {
  const [end, failure] = [...failures].find(([ending]) => path.endsWith(ending)) ?? [];
  if (end === undefined || failure === undefined) return undefined;
  if ("cutAfter" in failure && failure.times !== undefined) {
    if (failure.times > 1) failures.set(end, { ...failure, times: failure.times - 1 });
    else failures.delete(end);
  }
  return failure;
}

function isAllowed(
  { headers }: IncomingMessage,
  path: string,
  requires: ChannelServerOptions["requires"],
): boolean {
  if (requires === undefined) return true;
  if ("token" in requires) return path.startsWith(`/t/${requires.token}/`);
  if ("bearer" in requires) return headers.authorization === `Bearer ${requires.bearer}`;
  const basic = Buffer.from(`${requires.user}:${requires.password}`).toString("base64");
  return headers.authorization === `Basic ${basic}`;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  to: { readonly allowed: boolean; readonly failure: Failure | undefined; readonly file: string },
): Promise<void> {
  const { allowed, failure, file } = to;
  if (!allowed) {
    response.writeHead(401, { "www-authenticate": "Basic" }).end("Who are you?\n");
    return;
  }
  if (failure !== undefined && "status" in failure) {
    response.writeHead(failure.status).end(failure.body);
    return;
  }
  const stats = await stat(file).catch(() => undefined);
  if (stats?.isFile() !== true) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-length": stats.size, "content-type": typeOf(file) });
  if (request.method === "HEAD") {
    response.end();
  } else if (failure === undefined) {
    await pipeline(createReadStream(file), response);
  } else if ("cutAfter" in failure) {
    const start = (await readFile(file)).subarray(0, failure.cutAfter);
    response.write(start, () => response.destroy());
  } else {
    response.end(Buffer.alloc(stats.size, "not the file that it was "));
  }
}

function typeOf(file: string): string {
  return file.endsWith(".json") ? "application/json" : "application/octet-stream";
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
