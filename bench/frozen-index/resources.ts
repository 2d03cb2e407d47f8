import { stat } from "node:fs/promises";
import { join, normalize, sep } from "node:path";
import { sha256 } from "../../src/kit/hash.ts";
import type { Resource } from "./answer.ts";
import { type Body, readKept } from "./body.ts";
import { chooseForm, type Pages } from "./pages.ts";
import { keyOf } from "./project.ts";
import { NO_PARTS, type Source, type Store } from "./store.ts";
import { Refusal } from "./upstream.ts";

// As PyPI has them, so that clients' own caches behave as they do there.
const PAGE_CACHING = "max-age=600, public";
const FILE_CACHING = "max-age=365000000, immutable, public";

/** A project's page, compressed for those who can read it, as PyPI does. */
export async function pageResource(
  pages: Pages,
  name: string,
  headers: { readonly accept?: string | undefined; readonly encoding?: string | undefined },
): Promise<Resource> {
  const form = chooseForm(headers.accept);
  const { text, gzipped, digest } = (await pages.find(name)).render(form);
  const compressed = /\bgzip\b/.test(headers.encoding ?? "");
  const body = compressed ? gzipped : text;
  return {
    headers: {
      "content-type": form === "text/html" ? "text/html; charset=utf-8" : form,
      "cache-control": PAGE_CACHING,
      vary: "Accept, Accept-Encoding",
      ...(compressed ? { "content-encoding": "gzip" } : {}),
    },
    size: body.length,
    etag: compressed ? `"${digest}-gzip"` : `"${digest}"`,
    read: async (start, end) => only(body.subarray(start, end + 1)),
  };
}

/** A project's file, or the metadata beside it. `folder`: where files are kept. */
export async function fileResource(
  {
    pages,
    store,
    folder,
  }: { readonly pages: Pages; readonly store: Store; readonly folder: string },
  {
    name,
    key,
    filename,
  }: { readonly name: string; readonly key: string; readonly filename: string },
): Promise<Resource> {
  const { files } = (await pages.find(name)).project;
  const of = (wanted: string) =>
    files.find((file) => file.filename === wanted && keyOf(file) === key);
  const file = of(filename);
  // https://packaging.python.org/en/latest/specifications/simple-repository-api/#metadata-file
  const wheel = file ?? of(filename.replace(/\.metadata$/, ""));
  if (wheel === undefined)
    throw new Refusal(404, `${name} has no file ${filename} of this digest.`);
  const metadata = wheel["core-metadata"];
  const hashes = file?.hashes ?? (typeof metadata === "object" ? metadata : {});
  const source: Source = {
    url: file === undefined ? `${wheel.url}.metadata` : wheel.url,
    path: join(folder, key.slice(0, 2), key, filename),
    sha256: hashes["sha256"],
  };
  return {
    headers: { "content-type": "application/octet-stream", "cache-control": FILE_CACHING },
    size: file?.size ?? (await store.obtain(source)).size,
    etag: `"${file === undefined ? `${key}-metadata` : key}"`,
    modified: new Date(Date.parse(wheel["upload-time"] ?? "") || 0),
    read: (start, end) => readPart(store, source, { start, end, size: file?.size ?? 0 }),
  };
}

/** A few bytes of a file that is not here, as uv reads a wheel's metadata, need not the whole of it. */
async function readPart(
  store: Store,
  source: Source,
  { start, end, size }: { readonly start: number; readonly end: number; readonly size: number },
): Promise<Body> {
  const length = end + 1 - start;
  const isFew = length < size && length <= SMALL_PART;
  if (isFew && !(await store.has(source.path))) {
    const path = `${source.path}.bytes-${start}-${end}`;
    try {
      const content = await store.obtain({ url: source.url, path, part: { start, end } });
      return content.read(0, length - 1);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== NO_PARTS) throw error;
    }
  }
  return (await store.obtain(source)).read(start, end);
}

// Bytes.
const SMALL_PART = 4 * 1024 * 1024;

/**
 * A file of a Debian archive. `pool`: where packages are kept, which never change. `lists`: where
 * the rest is, as it was when this run first asked for it.
 */
export async function debianResource(
  store: Store,
  url: URL,
  { pool, lists }: { readonly pool: string; readonly lists: string },
): Promise<Resource> {
  if (url.pathname.endsWith("/")) throw new Refusal(404, `${url.href} is no file.`);
  const isImmutable = /\/(pool|by-hash)\//.test(url.pathname);
  const path = join(isImmutable ? pool : lists, url.host, url.pathname);
  const { size, modified, read } = await store.obtain({ url: url.href, path });
  return {
    headers: { "content-type": "application/octet-stream" },
    ...{ size, modified, etag: etagOf(size, modified) },
    read: async (start, end) => read(start, end),
  };
}

/** A file of a folder of conda channels. */
export async function channelResource(folder: string, path: string): Promise<Resource> {
  const file = normalize(join(folder, path));
  const isInside = file.startsWith(normalize(folder) + sep);
  const stats = isInside ? await stat(file).catch(() => undefined) : undefined;
  if (stats?.isFile() !== true) throw new Refusal(404, `There is no file ${path}.`);
  const { size, mtime: modified } = stats;
  return {
    headers: { "content-type": "application/octet-stream" },
    ...{ size, modified, etag: etagOf(size, modified) },
    read: async (start, end) => readKept(file, start, end),
  };
}

async function* only(piece: Uint8Array): Body {
  yield piece;
}

function etagOf(size: number, modified: Date): string {
  return `"${sha256(`${size} ${modified.getTime()}`).slice(0, 16)}"`;
}
