import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { reasonOf } from "../../scripts/lib/failure.ts";
import { normalizeName } from "../../src/python/lock.ts";
import { answer, type Resource } from "./answer.ts";
import type { Counter } from "./counter.ts";
import { createPages } from "./pages.ts";
import { channelResource, debianResource, fileResource, pageResource } from "./resources.ts";
import { createStore } from "./store.ts";
import { openUpstream, Refusal } from "./upstream.ts";

export interface ServerOptions {
  /** Of the upstream's simple API; may have a user name and a password. */
  readonly index: string;
  /** Hosts of Debian archives, with a port where it is not HTTP's: no others are asked. */
  readonly debianHosts: readonly string[];
  /** Has the folders of {@link foldersIn}. */
  readonly folder: string;
  readonly frozenAt: Date;
  /** A folder of conda channels. */
  readonly channels?: string | undefined;
  /** Is told why something can't be had from the upstream. */
  readonly onProblem: (problem: string) => void;
}

/** What the server keeps, for a run of this time and for all. */
export function foldersIn(folder: string, frozenAt: Date) {
  const states = join(folder, "states");
  const state = join(states, frozenAt.toISOString());
  return {
    /** What never changes: for all runs. */
    files: join(folder, "files"),
    pool: join(folder, "pool"),
    /** What was so when a run first asked: for this run, and for others that are frozen at its time. */
    ...{ state, pages: join(state, "pages"), lists: join(state, "lists") },
    /** Has a folder for each time. */
    states,
    /** What is on its way: nobody's, once the server has ended. */
    partial: join(folder, "partial"),
  };
}

export function createIndexServer(options: ServerOptions, counter: Counter): Server {
  const upstream = openUpstream(options.index);
  const { frozenAt } = options;
  const { files, pool, lists, partial, ...folders } = foldersIn(options.folder, frozenAt);
  const store = createStore(upstream, partial);
  const pages = createPages(upstream, { folder: folders.pages, frozenAt });

  const find = async (request: IncomingMessage): Promise<Found> => {
    const { method = "", url = "", headers } = request;
    if (method !== "GET" && method !== "HEAD") throw new Refusal(405, `There is no ${method}.`);
    if (!url.startsWith("/")) {
      const asked = allowedAddress(url, options.debianHosts);
      return { find: () => debianResource(store, asked, { pool, lists }) };
    }
    const [first, ...rest] = pathOf(url).slice(1).split("/");
    const [name = "", key = "", filename = ""] = rest;
    if (first === "simple" && name !== "" && rest.length <= 2 && key === "") {
      const normal = normalizeName(name);
      if (normal !== name || rest.length === 1) return { location: `/simple/${normal}/` };
      const { accept, "accept-encoding": encoding } = headers;
      const wanted = { accept, encoding: encoding?.toString() };
      return { find: () => pageResource(pages, name, wanted) };
    }
    if (first === "files" && rest.length === 3) {
      const found = { name, key, filename };
      return { find: () => fileResource({ pages, store, folder: files }, found) };
    }
    const { channels } = options;
    if (first === "conda" && channels !== undefined) {
      return { find: () => channelResource(channels, rest.join("/")) };
    }
    throw new Refusal(404, "There are /simple/NAME/, /files/ and /conda/.");
  };

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const found = await find(request);
      if ("location" in found) {
        response.writeHead(301, { location: found.location }).end();
        return;
      }
      await answer(request, response, await found.find(), counter.addBytes);
    } catch (error) {
      refuse(response, error, options.onProblem);
    }
  };

  const server = createServer((request, response) => void respond(request, response));
  // Clients that come back to a connection must not find it closed in this very moment.
  server.keepAliveTimeout = 60_000;
  server.on("connect", (_, socket) => {
    // A client may be gone before it has read this; nobody else looks after such a socket.
    socket.on("error", () => socket.destroy());
    const text = "Only Debian's archive, over plain HTTP, goes through this proxy.\n";
    const head = `HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\ncontent-length: ${text.length}\r\n`;
    socket.end(`${head}connection: close\r\n\r\n${text}`);
  });
  server.on("close", () => upstream.close());
  return server;
}

type Found = { readonly find: () => Promise<Resource> } | { readonly location: string };

/** Of an address that was asked for as from a proxy. */
function allowedAddress(text: string, hosts: readonly string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" && hosts.includes(url.host)) return url;
  const own = "What is on this machine needs no_proxy=127.0.0.1,localhost.";
  throw new Refusal(403, `This proxy asks ${hosts.join(" and ")} alone, not ${text}. ${own}`);
}

function pathOf(url: string): string {
  try {
    return decodeURIComponent(url.replace(/[?#].*$/, ""));
  } catch {
    throw new Refusal(400, `${url} is no address.`);
  }
}

function refuse(
  response: ServerResponse,
  error: unknown,
  onProblem: (problem: string) => void,
): void {
  const status = error instanceof Refusal ? error.status : 500;
  if (response.headersSent) {
    // Where it broke off, the client shall see that something is missing.
    if (error instanceof Refusal) onProblem(error.message);
    response.destroy();
    return;
  }
  if (status >= 500) onProblem(reasonOf(error));
  const headers = { "content-type": "text/plain; charset=utf-8" };
  response.writeHead(status, headers).end(`${reasonOf(error)}\n`);
}
