import { createHash } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { type FileHandle, mkdir, open, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { reasonOf } from "../../scripts/lib/failure.ts";
import { type Body, readBytes, readKept } from "./body.ts";
import { Refusal, type Upstream } from "./upstream.ts";

/** A file of an upstream, and where it is kept. */
export interface Source {
  readonly url: string;
  /** Absolute. */
  readonly path: string;
  /** Of the content, where it is known before: another one is not kept. */
  readonly sha256?: string | undefined;
  /** A part of the file, both ends included. */
  readonly part?: { readonly start: number; readonly end: number };
}

/** A file that is kept, or on its way. */
export interface Content {
  /** Bytes. */
  readonly size: number;
  /** When it was put here. */
  readonly modified: Date;
  /** Both ends are included. Waits for bytes that are on their way. */
  readonly read: (start: number, end: number) => Body;
}

/** Keeps files. Each is fetched once, however many ask for it, and whoever goes away meanwhile. */
export interface Store {
  readonly has: (path: string) => Promise<boolean>;
  /** Throws a Refusal. */
  readonly obtain: (source: Source) => Promise<Content>;
}

/** `partial`: a folder for what is on its way, on the same file system as all paths. */
export function createStore(upstream: Upstream, partial: string): Store {
  const underWay = new Map<string, Promise<Download>>();
  let count = 0;

  const begin = (source: Source): Promise<Download> => {
    count += 1;
    const download = startDownload(upstream, source, join(partial, String(count)), () =>
      underWay.delete(source.path),
    );
    underWay.set(source.path, download);
    return download;
  };

  return {
    has: async (path) => underWay.has(path) || (await findKept(path)) !== undefined,
    obtain: async (source) => {
      if (!underWay.has(source.path)) {
        const kept = await findKept(source.path);
        if (kept !== undefined) return kept;
      }
      const download = await (underWay.get(source.path) ?? begin(source));
      const { size = await lengthInTheEnd(download) } = download;
      return {
        ...{ size, modified: download.started },
        read: (start, end) => follow(download, start, end),
      };
    },
  };
}

async function findKept(path: string): Promise<Content | undefined> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined || !stats.isFile()) return undefined;
  return {
    ...{ size: stats.size, modified: stats.mtime },
    read: (start, end) => readKept(path, start, end),
  };
}

/** The status of a Refusal where an upstream gives a file as a whole only. */
export const NO_PARTS = 501;

interface Download {
  readonly source: Source;
  readonly partial: string;
  /** Bytes, where the upstream tells. */
  readonly size: number | undefined;
  readonly started: Date;
  /** Tells with "change" that one of the following has changed. */
  readonly events: EventEmitter;
  written: number;
  ended: boolean;
  failure: Refusal | undefined;
}

async function startDownload(
  upstream: Upstream,
  source: Source,
  partial: string,
  finished: () => void,
): Promise<Download> {
  try {
    const { part } = source;
    const range = part === undefined ? {} : { range: `bytes=${part.start}-${part.end}` };
    const response = await upstream.get(source.url, range);
    if (part !== undefined && response.status !== 206) {
      await response.body?.cancel();
      throw new Refusal(NO_PARTS, `${source.url} is not given in parts.`);
    }
    const length = response.headers.get("content-length");
    const encoded = response.headers.has("content-encoding");
    await mkdir(dirname(partial), { recursive: true });
    const download: Download = {
      ...{ source, partial, size: length === null || encoded ? undefined : Number(length) },
      ...{ started: new Date(), events: new EventEmitter(), written: 0 },
      ...{ ended: false, failure: undefined },
    };
    download.events.setMaxListeners(0);
    const file = await open(partial, "w");
    // It goes on without its clients; they learn from the download itself how it ends.
    void keep(download, file, response, finished);
    return download;
  } catch (error) {
    finished();
    throw error;
  }
}

/** Writes what comes, and puts it into its place when it is whole. Tells of failures in the download. */
async function keep(
  download: Download,
  file: FileHandle,
  response: Response,
  finished: () => void,
): Promise<void> {
  const { source, partial, size } = download;
  const hash = createHash("sha256");
  let failure: Refusal | undefined;
  try {
    for await (const chunk of response.body ?? []) {
      await writeAll(file, chunk);
      hash.update(chunk);
      download.written += chunk.length;
      download.events.emit("change");
    }
    if (size !== undefined && download.written !== size) {
      throw new Refusal(502, `${source.url} broke off after ${download.written} of ${size} bytes.`);
    }
    if (source.sha256 !== undefined && source.sha256 !== hash.digest("hex")) {
      throw new Refusal(502, `${source.url} is not what its index says: another SHA-256.`);
    }
    await mkdir(dirname(source.path), { recursive: true });
    // Before and after, the file is known by the same time.
    await utimes(partial, download.started, download.started);
    await rename(partial, source.path);
  } catch (error) {
    const reason = `${source.url} can't be fetched as a whole: ${reasonOf(error)}.`;
    failure = error instanceof Refusal ? error : new Refusal(502, reason);
    await rm(partial, { force: true });
  } finally {
    await file.close();
    // At once: a client that has learnt of a failure may begin anew.
    finished();
    download.failure = failure;
    download.ended = true;
    download.events.emit("change");
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let rest = chunk; rest.length > 0;) {
    const { bytesWritten } = await file.write(rest);
    rest = rest.subarray(bytesWritten);
  }
}

async function lengthInTheEnd(download: Download): Promise<number> {
  while (!download.ended) await once(download.events, "change");
  if (download.failure !== undefined) throw download.failure;
  return download.written;
}

/** Reads from a file while it is being written. */
async function* follow(download: Download, start: number, end: number): Body {
  // It may have been put into its place in this very moment.
  const file = await open(download.partial).catch(() => open(download.source.path));
  try {
    for (let at = start; at <= end;) {
      while (readableBytes(download) <= at && !download.ended)
        await once(download.events, "change");
      if (download.failure !== undefined) throw download.failure;
      const until = Math.min(end, readableBytes(download) - 1);
      if (until < at) throw new Refusal(502, `${download.source.url} is too short.`);
      yield* readBytes(file, at, until);
      at = until + 1;
    }
  } finally {
    await file.close();
  }
}

/** The last byte waits until all is found to be right: nobody shall take a wrong file for whole. */
function readableBytes({ written, size = Infinity, ended }: Download): number {
  return ended ? written : Math.min(written, size - 1);
}
