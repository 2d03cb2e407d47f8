import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import { expect, it, onTestFinished } from "vitest";
import { findSharedNames } from "../../../src/python/uv/shared-names.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

it("asks the other indexes for the names, with credentials", async () => {
  const asked: string[] = [];
  const wanted = `Basic ${Buffer.from("me:s3cret").toString("base64")}`;
  const base = await serve((path, authorization) => {
    asked.push(path);
    if (path.startsWith("/private/") && authorization !== wanted) return 401;
    return ["/public/alpha/", "/private/beta/", "/private/alpha/"].includes(path) ? 200 : 404;
  });
  const indexes = [`${base}/private`, `${base}/public/`, "http://127.0.0.1:9/closed"];
  const taken = [
    { name: "alpha", version: "1.0", index: `${base}/public/` },
    { name: "beta", version: "2.0", index: `${base}/private` },
  ];
  const netrc = join(await temporaryDirectory(), "netrc");
  await writeFile(netrc, "machine 127.0.0.1 login me password s3cret\n");

  const found = await findSharedNames(taken, indexes, {
    env: { PATH: process.env["PATH"] },
    netrc,
  });

  expect(found).toEqual({
    shared: [{ ...taken[0], others: [`${base}/private`] }],
    skipped: 0,
  });
  expect(new Set(asked)).toEqual(new Set(["/private/alpha/", "/public/beta/"]));
});

it("asks for so many packages and no more", async () => {
  let asked = 0;
  const base = await serve(() => {
    asked += 1;
    return 404;
  });
  const taken = Array.from({ length: 405 }, (_, index) => ({
    ...{ name: `p${index}`, version: "1", index: "http://127.0.0.1:9/a" },
  }));

  const { shared, skipped } = await findSharedNames(taken, ["http://127.0.0.1:9/a", base], {
    env: { PATH: process.env["PATH"] },
    netrc: undefined,
  });

  expect([shared, skipped, asked]).toEqual([[], 5, 400]);
});

async function serve(
  answer: (path: string, authorization: string | undefined) => number,
): Promise<string> {
  const server = createServer(({ url = "", headers }, response) => {
    const status = answer(url, headers.authorization);
    response.writeHead(status, status === 401 ? { "www-authenticate": "Basic" } : {}).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
