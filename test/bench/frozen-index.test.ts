import { once } from "node:events";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { type FrozenIndexOptions, startFrozenIndex } from "../../bench/frozen-index.ts";
import { createCounter } from "../../bench/frozen-index/counter.ts";
import { createIndexServer, type ServerOptions } from "../../bench/frozen-index/server.ts";
import { cleanUp } from "../../scripts/lib/cleanup.ts";
import { sha256 } from "../../src/kit/hash.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import {
  type FakeUpstream,
  putProject,
  startFakeUpstream,
  UPLOADED,
} from "./frozen-index-upstream.ts";

afterAll(cleanUp);

const WHEEL = "cats-1.0-py3-none-any.whl";
const JSON_TYPE = "application/vnd.pypi.simple.v1+json";
// Several pieces, and no multiple of one.
const CONTENT = Buffer.alloc(2_500_000, "many cats, each of them different from 12345 others; ");
const DIGEST = sha256(CONTENT);
const FILE = `/files/cats/${DIGEST}/${WHEEL}`;

/** The server in this thread, with what it tells. */
async function serve(options: Partial<ServerOptions> = {}) {
  const upstream = await startFakeUpstream();
  const problems: string[] = [];
  const counter = createCounter();
  const folder = await temporaryDirectory();
  const server = createIndexServer(
    {
      ...{ index: upstream.index, debianHosts: [upstream.host], folder },
      frozenAt: new Date("2026-03-01"),
      onProblem: (problem) => problems.push(problem),
      ...options,
    },
    counter,
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { upstream, problems, counter, folder, url };
}

/** fetch would ask for compressed bodies by itself. */
async function get(url: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(url, { headers: { "accept-encoding": "identity", ...headers } });
  return {
    status: response.status,
    headers: response.headers,
    body: Buffer.from(await response.arrayBuffer()),
  };
}

async function getPage(url: string, name = "cats") {
  const { body } = await get(`${url}/simple/${name}/`, { accept: JSON_TYPE });
  return JSON.parse(body.toString()) as {
    readonly files: readonly Readonly<Record<string, unknown>>[];
    readonly versions: readonly string[];
  };
}

/** An address as clients of a proxy ask for it. */
async function askProxy(proxy: string, path: string, method = "GET") {
  const asked = request(proxy, { path, method });
  asked.end();
  const [response] = await once(asked, "response");
  return {
    status: response.statusCode as number,
    modified: response.headers["last-modified"] as string | undefined,
    etag: response.headers.etag as string | undefined,
    body: await text(response),
  };
}

function pathsAsked({ asked }: FakeUpstream): readonly string[] {
  return asked.map(({ path }) => path);
}

test("keeps what a page says of its files, and leads to them", async () => {
  const { upstream, url } = await serve();
  const more = {
    ...{ "requires-python": ">=3.9", yanked: "broken", "core-metadata": { sha256: sha256("M") } },
  };
  putProject(upstream, "cats", [{ filename: WHEEL, content: CONTENT, more }]);
  upstream.answers.set(`/packages/${WHEEL}.metadata`, "M");

  const { files } = await getPage(url);
  expect(files).toEqual([
    {
      ...{ filename: WHEEL, hashes: { sha256: DIGEST }, size: CONTENT.length, ...more },
      "upload-time": UPLOADED,
      url: `../..${FILE}`,
    },
  ]);
  const file = await get(new URL(`../..${FILE}`, `${url}/simple/cats/`).href);
  expect(file.status).toBe(200);
  expect(file.body.equals(CONTENT)).toBe(true);
  expect(file.headers.get("cache-control")).toContain("immutable");
  expect((await get(`${url}${FILE}.metadata`)).body.toString()).toBe("M");
});

test("gives a page as HTML to those who ask for it", async () => {
  const { upstream, url } = await serve();
  putProject(upstream, "cats", [
    {
      ...{ filename: WHEEL, content: CONTENT },
      more: { "requires-python": ">=3.9", yanked: 'not "good"', "core-metadata": true },
    },
    { filename: "cats-1.1.tar.gz", content: Buffer.from("S"), more: { "core-metadata": false } },
  ]);
  const { headers, body } = await get(`${url}/simple/cats/`, { accept: "text/html" });
  expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(headers.get("cache-control")).toBe("max-age=600, public");
  const source = sha256("S");
  expect(body.toString()).toBe(`<!DOCTYPE html>
<html>
<head><meta name="pypi:repository-version" content="1.1"><title>cats</title></head>
<body>
<a href="../..${FILE}#sha256=${DIGEST}" data-requires-python="&gt;=3.9" data-yanked="not &quot;good&quot;" data-core-metadata="true">${WHEEL}</a><br>
<a href="../../files/cats/${source}/cats-1.1.tar.gz#sha256=${source}">cats-1.1.tar.gz</a><br>
</body>
</html>
`);
});

test.each([
  [`${JSON_TYPE}, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01`, JSON_TYPE],
  [`${JSON_TYPE};q=0.2, text/html;q=0.5`, "text/html; charset=utf-8"],
  ["application/vnd.pypi.simple.v1+html", "application/vnd.pypi.simple.v1+html"],
  ["*/*", "text/html; charset=utf-8"],
])("answers '%s' with %s", async (accept, type) => {
  const { upstream, url } = await serve();
  putProject(upstream, "cats", []);
  const { headers } = await get(`${url}/simple/cats/`, { accept });
  expect(headers.get("content-type")).toBe(type);
});

test("compresses pages for those who can read it", async () => {
  const { upstream, url, counter } = await serve();
  putProject(upstream, "cats", [{ filename: WHEEL, content: CONTENT }]);
  const asked = request(`${url}/simple/cats/`, {
    headers: { accept: JSON_TYPE, "accept-encoding": "gzip, br" },
  });
  asked.end();
  const [response] = await once(asked, "response");
  const body = Buffer.concat(await response.toArray());
  expect(response.headers["content-encoding"]).toBe("gzip");
  expect(counter.bytes()).toBe(body.length);
  expect(JSON.parse(gunzipSync(body).toString())).toEqual(await getPage(url));
});

test("leads other spellings of a name to the page", async () => {
  const { upstream, url } = await serve();
  putProject(upstream, "two-cats", []);
  const response = await fetch(`${url}/simple/Two_Cats`);
  expect(response.url).toBe(`${url}/simple/two-cats/`);
  expect(response.status).toBe(200);
});

test("says what the index does not have, and asks no second time", async () => {
  const { upstream, url, problems } = await serve();
  for (const _ of ["once", "twice"]) {
    const { status, body } = await get(`${url}/simple/dogs/`);
    expect(status).toBe(404);
    expect(body.toString()).toBe(`${upstream.index}dogs/ answered '404 Not Found'.\n`);
  }
  expect(pathsAsked(upstream)).toEqual(["/simple/dogs/"]);
  expect(problems).toEqual([]);
});

test("refuses an index that has no JSON", async () => {
  const { upstream, url, problems } = await serve();
  upstream.answers.set("/simple/cats/", (response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<a>");
  });
  expect((await get(`${url}/simple/cats/`)).status).toBe(502);
  const reason = `${upstream.index}cats/ answered with 'text/html', and '${JSON_TYPE}' is needed.`;
  expect(problems).toEqual([reason]);
});

test("hides what was uploaded later", async () => {
  const { upstream, url } = await serve();
  putProject(upstream, "cats", [
    { filename: WHEEL, content: CONTENT, uploaded: "2026-02-28T23:59:59.9Z" },
    { filename: "cats-1.0.tar.gz", content: CONTENT, uploaded: "2026-03-02T00:00:00Z" },
    { filename: "cats-1.1.tar.gz", content: CONTENT, uploaded: "2026-03-01T00:00:01Z" },
    { filename: "cats-1.2.tar.gz", content: CONTENT, uploaded: undefined },
  ]);
  const { files, versions } = await getPage(url);
  expect(files.map(({ filename }) => filename)).toEqual([WHEEL]);
  expect(versions).toEqual(["1.0"]);
  expect((await get(`${url}/files/cats/${DIGEST}/cats-1.1.tar.gz`)).status).toBe(404);
});

test("does not pretend to be frozen where an index tells no times", async () => {
  const { upstream, url, problems } = await serve();
  putProject(upstream, "cats", [{ filename: WHEEL, content: CONTENT, uploaded: undefined }]);
  expect((await get(`${url}/simple/cats/`)).status).toBe(502);
  expect(problems).toEqual(["The index tells no 'upload-time' of cats's files."]);
});

test("fetches a file once for all, and for itself where a client goes away", async () => {
  const { upstream, url, folder } = await serve();
  putProject(upstream, "cats", [{ filename: WHEEL, content: CONTENT }]);
  let proceed = () => {};
  const paused = new Promise<void>((resolve) => {
    proceed = resolve;
  });
  upstream.answers.set(`/packages/${WHEEL}`, (response) => {
    response.writeHead(200, { "content-length": CONTENT.length });
    response.write(CONTENT.subarray(0, 1_300_000));
    void (async () => {
      await paused;
      // Piece by piece, so that clients read what is being written.
      for (let at = 1_300_000; at < CONTENT.length; at += 100_000) {
        response.write(CONTENT.subarray(at, at + 100_000));
        await setTimeout(1);
      }
      response.end();
    })();
  });
  const impatient = new AbortController();
  const first = await fetch(`${url}${FILE}`, { signal: impatient.signal });
  await first.body?.getReader().read();
  const others = [
    get(`${url}${FILE}`),
    get(`${url}${FILE}`),
    get(`${url}${FILE}`, { range: "bytes=2000000-2000999" }),
  ];
  impatient.abort();
  proceed();
  const [second, third, part] = await Promise.all(others);

  expect(second?.body.equals(CONTENT)).toBe(true);
  expect(third?.body.equals(CONTENT)).toBe(true);
  expect(part?.body.equals(CONTENT.subarray(2_000_000, 2_001_000))).toBe(true);
  expect((await get(`${url}${FILE}`)).body.equals(CONTENT)).toBe(true);
  expect(pathsAsked(upstream)).toEqual(["/simple/cats/", `/packages/${WHEEL}`]);
  expect(await readdir(join(folder, "partial"))).toEqual([]);
});

test("does not fetch a whole file for a few bytes of it", async () => {
  const { upstream, url } = await serve();
  putProject(upstream, "cats", [{ filename: WHEEL, content: CONTENT }]);
  for (const _ of ["once", "twice"]) {
    const { status, headers, body } = await get(`${url}${FILE}`, { range: "bytes=-1000" });
    expect(status).toBe(206);
    expect(headers.get("content-range")).toBe("bytes 2499000-2499999/2500000");
    expect(body.equals(CONTENT.subarray(-1000))).toBe(true);
  }
  const head = await fetch(`${url}${FILE}`, { method: "HEAD" });
  expect(head.headers.get("content-length")).toBe("2500000");
  expect(head.headers.get("accept-ranges")).toBe("bytes");
  const ranges = upstream.asked.map(({ headers }) => headers.range);
  expect(ranges).toEqual([undefined, "bytes=2499000-2499999"]);
});

test("takes a whole file for a few bytes where an upstream gives no parts", async () => {
  const { upstream, url } = await serve();
  putProject(upstream, "cats", [{ filename: WHEEL, content: CONTENT }]);
  upstream.answers.set(`/packages/${WHEEL}`, (response) => {
    response.writeHead(200, { "content-length": CONTENT.length }).end(CONTENT);
  });
  const { status, body } = await get(`${url}${FILE}`, { range: "bytes=1000-1999" });
  expect(status).toBe(206);
  expect(body.equals(CONTENT.subarray(1000, 2000))).toBe(true);
});

test.each([
  ["bytes=0-9", 206, "0123456789"],
  ["bytes=95-", 206, "56789"],
  ["bytes=95-1000", 206, "56789"],
  ["bytes=-3", 206, "789"],
  ["bytes=100-", 416, ""],
  ["bytes=0-1,3-4", 200, "0123456789".repeat(10)],
  ["bytes=5-2", 200, "0123456789".repeat(10)],
])("answers '%s' with %i", async (range, status, body) => {
  const channels = await temporaryDirectory();
  await writeFile(join(channels, "file"), "0123456789".repeat(10));
  const { url } = await serve({ channels });
  const answer = await get(`${url}/conda/file`, { range });
  expect([answer.status, answer.body.toString()]).toEqual([status, body]);
});

test("sends nothing to those who have it already", async () => {
  const { upstream, url, counter } = await serve();
  putProject(upstream, "cats", [{ filename: WHEEL, content: CONTENT }]);
  const { headers } = await get(`${url}${FILE}`);
  const before = counter.bytes();
  const etag = headers.get("etag") ?? "";
  expect((await get(`${url}${FILE}`, { "if-none-match": etag })).status).toBe(304);
  const since = headers.get("last-modified") ?? "";
  expect((await get(`${url}${FILE}`, { "if-modified-since": since })).status).toBe(304);
  expect(counter.bytes()).toBe(before);
  expect((await get(`${url}${FILE}`, { "if-none-match": '"other"' })).status).toBe(200);
});

test("keeps no file that is another than its page says", async () => {
  const { upstream, url, problems } = await serve();
  putProject(upstream, "cats", [{ filename: WHEEL, content: CONTENT }]);
  upstream.answers.set(`/packages/${WHEEL}`, Buffer.alloc(CONTENT.length));
  await expect(get(`${url}${FILE}`)).rejects.toThrow(/^(terminated|fetch failed)$/);
  upstream.answers.set(`/packages/${WHEEL}`, CONTENT);
  expect((await get(`${url}${FILE}`)).body.equals(CONTENT)).toBe(true);
  const wrong = `http://${upstream.host}/packages/${WHEEL}`;
  expect(problems).toEqual([`${wrong} is not what its index says: another SHA-256.`]);
});

test("shows a client that a file has broken off, and fetches it anew", async () => {
  const { upstream, url, problems } = await serve();
  putProject(upstream, "cats", [{ filename: WHEEL, content: CONTENT }]);
  upstream.answers.set(`/packages/${WHEEL}`, (response) => {
    response.writeHead(200, { "content-length": CONTENT.length });
    response.write(CONTENT.subarray(0, 1000), () => response.destroy());
  });
  await expect(get(`${url}${FILE}`)).rejects.toThrow(/^(terminated|fetch failed)$/);
  upstream.answers.set(`/packages/${WHEEL}`, CONTENT);
  expect((await get(`${url}${FILE}`)).body.equals(CONTENT)).toBe(true);
  expect(problems).toEqual([expect.stringContaining(`${WHEEL} can't be fetched as a whole: `)]);
});

test("passes on Debian's archive, and nothing else", async () => {
  const { upstream, url, counter } = await serve();
  const archive = `http://${upstream.host}/debian`;
  upstream.answers.set("/debian/dists/trixie/InRelease", "first");
  upstream.answers.set("/debian/pool/c/cats.deb", "package");

  expect(await askProxy(url, `${archive}/dists/trixie/InRelease`)).toMatchObject({
    ...{ status: 200, body: "first" },
  });
  upstream.answers.set("/debian/dists/trixie/InRelease", "second");
  expect((await askProxy(url, `${archive}/dists/trixie/InRelease`)).body).toBe("first");
  const deb = await askProxy(url, `${archive}/pool/c/cats.deb`);
  expect(deb.body).toBe("package");
  // Whether it was on its way or is kept makes no difference.
  expect(await askProxy(url, `${archive}/pool/c/cats.deb`)).toEqual(deb);
  expect((await askProxy(url, `${archive}/pool/c/dogs.deb`)).status).toBe(404);
  expect(counter.bytes()).toBe("firstfirstpackagepackage".length);

  expect(await askProxy(url, "http://example.com/")).toMatchObject({
    status: 403,
    body: `This proxy asks ${upstream.host} alone, not http://example.com/. What is on this machine needs no_proxy=127.0.0.1,localhost.\n`,
  });
  expect((await askProxy(url, `${archive}/pool/c/cats.deb`, "POST")).status).toBe(405);
});

test("opens no tunnel, and outlives a client that leaves", async () => {
  const { url } = await serve();
  const { port } = new URL(url);
  const leaving = connect(Number(port), "127.0.0.1");
  await once(leaving, "connect");
  leaving.write("CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n");
  leaving.resetAndDestroy();
  const staying = connect(Number(port), "127.0.0.1");
  staying.write("CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n");
  const answer = await text(staying);
  expect(answer).toMatch(/^HTTP\/1.1 403 Forbidden\r\n/);
  expect(answer).toMatch(/Only Debian's archive, over plain HTTP, goes through this proxy\.\n$/);
  expect((await get(`${url}/`)).status).toBe(404);
});

test("gives the files of a folder of channels, and none beside it", async () => {
  const folder = await temporaryDirectory();
  await mkdir(join(folder, "channels", "noarch"), { recursive: true });
  await writeFile(join(folder, "channels", "noarch", "repodata.json"), "{}");
  await writeFile(join(folder, "secret"), "secret");
  const { url } = await serve({ channels: join(folder, "channels") });
  expect((await get(`${url}/conda/noarch/repodata.json`)).body.toString()).toBe("{}");
  expect((await get(`${url}/conda/noarch`)).status).toBe(404);
  expect((await get(`${url}/conda/..%2fsecret`)).status).toBe(404);
});

test("gives an index's own host its user name and password, and tells nobody", async () => {
  const elsewhere = await startFakeUpstream();
  const upstream = await startFakeUpstream();
  const index = `http://ci:s%40fe@${upstream.host}/simple`;
  const { url, problems } = await serve({ index });
  putProject(upstream, "cats", [
    {
      ...{ filename: WHEEL, content: CONTENT },
      more: { url: `http://${elsewhere.host}/${WHEEL}` },
    },
  ]);
  const page = await get(`${url}/simple/cats/`);
  const file = await get(`${url}${FILE}`);
  expect(upstream.asked[0]?.headers.authorization).toBe(`Basic ${btoa("ci:s@fe")}`);
  expect(elsewhere.asked[0]?.headers.authorization).toBe(undefined);
  expect(file.body.toString()).toBe(
    `http://${elsewhere.host}/${WHEEL} answered '404 Not Found'.\n`,
  );
  expect(`${page.body.toString()}${problems.join()}`).not.toMatch(/s@fe|s%40fe/);
});

describe("what was so when a run began", () => {
  const LIST = "/debian/dists/trixie/InRelease";
  const old = { filename: WHEEL, content: CONTENT };
  const later = { filename: "cats-1.1-x.whl", content: CONTENT, uploaded: "2026-03-02T00:00:00Z" };

  async function prepare() {
    const upstream = await startFakeUpstream();
    const folder = await temporaryDirectory();
    const debianHosts = [upstream.host];
    const address = `http://${upstream.host}${LIST}`;
    /** The versions of cats, and Debian's list, that a run finds. */
    const run = async (frozenAt: string, more: Partial<FrozenIndexOptions> = {}) => {
      const options = { upstream: upstream.index, folder, debianHosts, frozenAt, ...more };
      const index = await startFrozenIndex(options);
      onTestFinished(index.stop);
      const page = await getPage(index.url);
      const before = index.bytesServed();
      const file = await get(`${index.url}${FILE}`);
      expect(file.body.equals(CONTENT)).toBe(true);
      expect(index.bytesServed() - before).toBe(CONTENT.length);
      const { body } = await askProxy(index.url, address);
      await index.stop();
      return [page.versions, body];
    };
    const release = (list: string) => upstream.answers.set(LIST, list);
    return { upstream, folder, run, release };
  }

  test("is kept for runs of its time, others in between or not", async () => {
    const { upstream, run, release } = await prepare();
    putProject(upstream, "cats", [old]);
    release("first");
    expect(await run("2026-03-01")).toEqual([["1.0"], "first"]);
    putProject(upstream, "cats", [old, later]);
    release("second");
    expect(await run("2026-03-03")).toEqual([["1.0", "1.1"], "second"]);
    expect(await run("2026-03-01T00:00:00Z", { isResumed: true })).toEqual([["1.0"], "first"]);
    // Files are kept for all runs.
    const files = pathsAsked(upstream).filter((path) => path.startsWith("/packages/"));
    expect(files).toEqual([`/packages/${WHEEL}`]);
  });

  test("is dropped when many other runs have been since, and missed then", async () => {
    const { upstream, folder, run, release } = await prepare();
    putProject(upstream, "cats", [old]);
    release("first");
    await run("2026-03-01");
    // Used long ago, some of them longer.
    for (let day = 10; day < 20; day += 1) {
      const state = join(folder, "states", `2026-03-${day}T00:00:00.000Z`);
      await mkdir(state);
      await utimes(state, day, day);
    }
    await run("2026-03-05");
    const states = (await readdir(join(folder, "states"))).map((name) => name.slice(8, 10));
    expect(states).toEqual(["01", "05", "14", "15", "16", "17", "18", "19"]);
    await expect(run("2026-03-13", { isResumed: true })).rejects.toMatchObject({
      name: "ScriptFailure",
      message: "This run can't be resumed",
    });
  });
});

test("refuses what is no time", async () => {
  await expect(startFrozenIndex({ frozenAt: "last week" })).rejects.toMatchObject({
    message: "This is not a time",
    body: "Found 'last week'. It needs to look like 2026-11-22 or 2026-11-22T09:30:00Z.",
  });
});
