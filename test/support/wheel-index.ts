import { createServer, type Server, type ServerResponse } from "node:http";
import { mkdir, readdir, readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import { cleanUpLater } from "../../scripts/lib/cleanup.ts";
import { makeTemporaryFolder } from "../../scripts/lib/temporary-folder.ts";
import { sha256OfFile } from "../../src/kit/hash.ts";
import { type MadeWheel, makeWheel } from "./wheels.ts";

export interface PublishedWheel extends MadeWheel {
  /** The index that has it, as the path of its address: "simple", "whl/cu128". */
  readonly index: string;
}

export interface WheelIndexes {
  /** The address that indexes lie below. */
  readonly url: string;
  /** Adds wheels to those that are there. */
  readonly publish: (wheels: readonly PublishedWheel[]) => Promise<void>;
}

/** Serves wheels on 127.0.0.1 until the tests are over; gives the address that indexes lie below. */
export async function serveWheels(wheels: readonly PublishedWheel[]): Promise<string> {
  const { url, publish } = await startWheelIndexes();
  await publish(wheels);
  return url;
}

/** The same, without any wheels yet. */
export async function startWheelIndexes(): Promise<WheelIndexes> {
  const root = await makeTemporaryFolder();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    void respond(response, path, answer(join(root, normalize(path))));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUpLater("an index of wheels", () => close(server));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, publish: (wheels) => publishInto(root, wheels) };
}

async function publishInto(root: string, wheels: readonly PublishedWheel[]): Promise<void> {
  for (const wheel of wheels) {
    const folder = join(root, wheel.index, wheel.name);
    await mkdir(folder, { recursive: true });
    await makeWheel(folder, wheel);
  }
}

async function respond(
  response: ServerResponse,
  path: string,
  answered: Promise<Buffer | string | undefined>,
): Promise<void> {
  const body = await answered;
  response.writeHead(body === undefined ? 404 : 200, {
    "content-type": path.endsWith(".whl") ? "application/octet-stream" : "text/html",
  });
  response.end(body);
}

/** PEP 503; undefined where there is nothing. */
async function answer(path: string): Promise<Buffer | string | undefined> {
  if (path.endsWith(".whl")) return await readFile(path).catch(() => undefined);
  const files = await readdir(path).catch(() => undefined);
  if (files === undefined) return undefined;
  const lines = files.map(async (file) => {
    const sha256 = await sha256OfFile(join(path, file));
    return `<a href="${encodeURIComponent(file)}#sha256=${sha256}">${file}</a><br>\n`;
  });
  return (await Promise.all(lines)).join("");
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
